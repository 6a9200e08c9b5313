-- One row per guardian who may be another one entered again, with what they share; the largest groups first.
with
duplicates as (
    select
        contact_id,
        duplicate_group_id as group_id,
        duplicate_group_size as people
    from warehouse.intermediate.int_guardian_duplicates
),

contacts as (
    select * from warehouse.marts.contacts
),

phones as (
    select * from warehouse.marts.contact_phones
),

addresses as (
    select * from warehouse.marts.contact_addresses
),

links as (
    select * from warehouse.marts.student_contacts
),

students as (
    select * from warehouse.marts.students
),

held as (
    select
        contact_id,
        'email' as what,
        lower(email) as text
    from contacts
    where email is not null
    union all
    select
        contact_id,
        'phone' as what,
        phone_number as text
    from phones
    where phone_number is not null
    union all
    select
        contact_id,
        'address' as what,
        lower(concat_ws(', ', street_line, city, postal_code)) as text
    from addresses
    where street_line is not null
),

shared_by_two as (
    select
        duplicates.group_id,
        held.what
    from held
    inner join duplicates on held.contact_id = duplicates.contact_id
    group by duplicates.group_id, held.what, held.text
    having count(distinct held.contact_id) > 1
),

shared as (
    select
        group_id,
        string_agg(distinct what, ', ' order by what) as shared
    from shared_by_two
    group by group_id
),

texts as (
    select
        held.contact_id,
        string_agg(distinct held.text, ', ' order by held.text) filter (where held.what = 'phone') as phones
    from held
    semi join duplicates on held.contact_id = duplicates.contact_id
    group by held.contact_id
),

linked as (
    select distinct
        links.contact_id,
        concat_ws(' ', students.first_name, students.last_name, '(' || students.student_id || ')') as student
    from links
    semi join duplicates on links.contact_id = duplicates.contact_id
    inner join students on links.student_id = students.student_id
),

students_of as (
    select
        contact_id,
        string_agg(student, ', ' order by student) as students
    from linked
    group by contact_id
),

final as (
    select
        dense_rank() over (order by duplicates.people desc, duplicates.group_id asc) as "group",
        duplicates.people,
        coalesce('name, ' || shared.shared, 'name') as shared,
        concat_ws(
            ' ', contacts.first_name, contacts.middle_name, contacts.last_name, contacts.generation_suffix
        ) as name,
        students_of.students,
        texts.phones,
        contacts.email,
        concat_ws(', ', addresses.street_line, addresses.city, addresses.postal_code) as address,
        contacts.contact_id
    from duplicates
    inner join contacts on duplicates.contact_id = contacts.contact_id
    left join addresses on duplicates.contact_id = addresses.contact_id
    left join texts on duplicates.contact_id = texts.contact_id
    left join shared on duplicates.group_id = shared.group_id
    left join students_of on duplicates.contact_id = students_of.contact_id
    order by
        duplicates.people desc,
        duplicates.group_id asc,
        contacts.contact_id asc
)

select * from final
