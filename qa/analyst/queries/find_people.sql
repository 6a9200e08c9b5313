-- One row per person found, best first, up to a number; found says how many there are.
with
hits as (
    select
        endpoint,
        position,
        max(score) as score,
        arg_max(matched, score) as matched
    from hits
    group by endpoint, position
),

students as (
    select * from int_students_keyed
),

only_in_import as (
    select * from only_in_import
),

schools as (
    select * from schools
),

contacts as (
    select * from int_contacts_keyed
),

links as (
    select * from int_student_contacts_ranked
),

profiles as (
    select
        contact_id,
        is_guardian,
        -- Such a contact has the student's own name as a rule.
        (is_physical_address or is_mailing_address) and not is_emergency_contact as is_only_address
    from int_contacts_profiled
),

people as (
    select
        hits.*,
        'student' as kind,
        students.student_id as id,
        concat_ws(
            ' ',
            coalesce(students.first_name, students.first_name_text),
            students.middle_name,
            coalesce(students.last_name, students.last_name_text),
            students.generation_suffix
        ) as name,
        students.birth_date,
        students.birth_date_text,
        students.grade,
        coalesce(schools.name, students.school_id) as school,
        students.enrollment_status as status,
        students.quarantine_reason
    from hits
    inner join students on hits.position = students.position
    left join schools on students.school_id = schools.school_id
    where hits.endpoint = 'Student'
    union all by name
    select
        hits.*,
        case
            when profiles.is_guardian then 'guardian'
            when profiles.is_only_address then 'address'
            else 'contact'
        end as kind,
        contacts.contact_id as id,
        concat_ws(
            ' ',
            coalesce(contacts.first_name, contacts.first_name_text),
            contacts.middle_name,
            coalesce(contacts.last_name, contacts.last_name_text),
            contacts.generation_suffix
        ) as name,
        contacts.quarantine_reason
    from hits
    inner join contacts on hits.position = contacts.position
    left join profiles on contacts.contact_id = profiles.contact_id
    where hits.endpoint = 'Contact'
    union all by name
    select
        hits.*,
        'student' as kind,
        only_in_import.student_id as id,
        concat_ws(' ', only_in_import.first_name, only_in_import.middle_name, only_in_import.last_name) as name,
        only_in_import.birth_date,
        only_in_import.birth_date_text,
        only_in_import.grade,
        only_in_import.school,
        only_in_import.kept_as,
        only_in_import.since_run_id,
        only_in_import.why
    from hits
    inner join only_in_import on hits.position = only_in_import.position
    where hits.endpoint = 'import'
),

born as (
    select
        *,
        list_position(['student', 'guardian', 'contact', 'address'], kind) as kind_order,
        count(*) over () as found
    from people
    where
        $born is null
        or starts_with(strftime(birth_date, '%Y-%m-%d'), $born)
        -- A date that can't be read may hold the year all the same.
        or (birth_date is null and contains(birth_date_text, left($born, 4)))
),

best as (
    select * from born
    order by score desc, kind_order asc, name asc, id asc
    limit $most
),

-- Whose contact it is: each student once, also where they are linked as guardian and by address.
linked as (
    select distinct
        links.contact_id,
        concat_ws(' ', students.first_name, students.last_name, '(' || students.student_id || ')') as student
    from links
    semi join best on links.contact_id = best.id and best.kind <> 'student'
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
        best.kind,
        best.id,
        best.name,
        best.birth_date,
        best.grade,
        best.school,
        coalesce('quarantined: ' || best.quarantine_reason, best.status) as status,
        best.matched,
        students_of.students,
        best.kept_as,
        best.since_run_id,
        best.why,
        best.found
    from best
    left join students_of on best.id = students_of.contact_id and best.kind <> 'student'
    order by best.score desc, best.kind_order asc, best.name asc, best.id asc
)

select * from final
