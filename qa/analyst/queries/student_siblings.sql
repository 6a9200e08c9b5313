-- One row per other student who has a guardian of the student.
with
links as (
    select * from warehouse.marts.student_contacts where contact_type = 'G'
),

students as (
    select * from warehouse.marts.students
),

contacts as (
    select * from warehouse.marts.contacts
),

guardians as (
    select contact_id from links
    where student_id = $student_id
),

shared as (
    select
        links.student_id,
        string_agg(
            concat_ws(' ', contacts.first_name, contacts.last_name, '(' || contacts.contact_id || ')'),
            ', '
            order by contacts.contact_id asc
        ) as guardians
    from links
    semi join guardians on links.contact_id = guardians.contact_id
    inner join contacts on links.contact_id = contacts.contact_id
    where links.student_id <> $student_id
    group by links.student_id
),

final as (
    select
        concat_ws(' ', students.first_name, students.last_name) as name,
        students.birth_date,
        students.grade,
        coalesce(students.school_name, students.school_id) as school,
        students.enrollment_status as status,
        shared.guardians,
        students.student_id
    from shared
    inner join students on shared.student_id = students.student_id
    order by
        students.birth_date asc,
        students.student_id asc
)

select * from final
