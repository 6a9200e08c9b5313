-- One row per district: a student, a phone and a code of the shared report to ask questions of.
with
students as (
    select * from students
),

links as (
    select * from student_contacts
),

contacts as (
    select * from contacts
),

pseudonyms as (
    select * from raw_store.history.pseudonyms
),

-- One who has a birth date and a guardian with a phone, where these are received.
known as (
    select
        students.student_id,
        students.last_name,
        students.first_name,
        students.birth_date,
        contacts.best_phone
    from students
    left join links on students.student_id = links.student_id and links.contact_type = 'G'
    left join contacts on links.contact_id = contacts.contact_id
    order by
        students.birth_date is null,
        contacts.best_phone is null,
        students.student_id,
        contacts.best_phone
    limit 1
),

-- A student's code, where there is one.
reported as (
    select pseudonym
    from pseudonyms
    order by kind <> 'students', pseudonym
    limit 1
),

final as (
    select
        known.student_id as student,
        lower(known.last_name || ' ' || left(known.first_name, 3)) as name,
        strftime(known.birth_date, '%Y') as born,
        known.best_phone as phone,
        reported.pseudonym
    from known
    full outer join reported on true
)

select * from final
