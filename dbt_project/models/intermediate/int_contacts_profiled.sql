with
links as (
    select * from {{ ref('int_student_contacts_ranked') }} where quarantine_reason is null
),

phones as (
    select * from {{ ref('int_contact_phones_ranked') }} where quarantine_reason is null
),

students as (
    select * from {{ ref('int_students_keyed') }} where quarantine_reason is null
),

roles as (
    select
        links.contact_id,
        bool_or(links.contact_type = 'G') as is_guardian,
        bool_or(links.contact_type = 'C') as is_emergency_contact,
        bool_or(links.contact_type = 'P') as is_physical_address,
        bool_or(links.contact_type = 'M') as is_mailing_address,
        count(distinct links.student_id) as students,
        -- A contact of students at several schools gets one school: the first student's.
        arg_min(students.school_id, students.student_id) as school_id
    from links
    left join students on links.student_id = students.student_id
    group by links.contact_id
),

numbers as (
    select
        contact_id,
        arg_min(phone_number, phone_rank) as best_phone,
        arg_min(phone_number, phone_rank) filter (where phone_kind = 'HOME') as home_phone,
        arg_min(phone_number, phone_rank) filter (where phone_kind = 'WORK') as work_phone,
        arg_min(phone_number, phone_rank) filter (where phone_kind = 'CELL') as cell_phone
    from phones
    where phone_number is not null
    group by contact_id
),

final as (
    select
        coalesce(roles.contact_id, numbers.contact_id) as contact_id,
        coalesce(roles.is_guardian, false) as is_guardian,
        coalesce(roles.is_emergency_contact, false) as is_emergency_contact,
        coalesce(roles.is_physical_address, false) as is_physical_address,
        coalesce(roles.is_mailing_address, false) as is_mailing_address,
        coalesce(roles.students, 0) as students,
        roles.school_id,
        numbers.best_phone,
        numbers.home_phone,
        numbers.work_phone,
        numbers.cell_phone
    from roles
    full outer join numbers on roles.contact_id = numbers.contact_id
)

select * from final
