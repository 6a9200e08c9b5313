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

-- What the import takes of each phone: the ten digits, or the text as received where it is no number.
dialed as (
    select
        contact_id,
        phone_rank,
        phone_kind,
        phone_number,
        coalesce(phone_number, phone_text) as phone
    from phones
    -- The import has columns for voice phones only.
    where coalesce(phone_number, phone_text) is not null and phone_kind not in ('FAX', 'PAGER')
    qualify row_number() over (partition by contact_id, phone_kind, phone order by phone_rank asc) = 1
),

by_kind as (
    select
        contact_id,
        arg_min(phone_number, phone_rank) as best_phone,
        arg_min(phone, phone_rank) filter (where phone_kind = 'HOME') as home_phone,
        arg_min(phone, phone_rank) filter (where phone_kind = 'WORK') as work_phone,
        arg_min(phone, phone_rank) filter (where phone_kind = 'CELL') as cell_phone,
        list(phone order by phone_rank asc) filter (where phone_kind not in ('HOME', 'WORK', 'CELL')) as others
    from dialed
    group by contact_id
),

-- The other phones that are not among the three, in their order.
unplaced as (
    select
        by_kind.* replace (
            list_filter(
                others, lambda phone: not list_contains([cell_phone, home_phone, work_phone], phone)
            ) as others
        )
    from by_kind
),

-- They fill the empty columns: cell first, then home, then work.
numbers as (
    select
        contact_id,
        best_phone,
        coalesce(unplaced.cell_phone, others[1]) as cell_phone,
        coalesce(unplaced.home_phone, others[1 + cast(unplaced.cell_phone is null as integer)]) as home_phone,
        coalesce(
            unplaced.work_phone,
            others[1 + cast(unplaced.cell_phone is null as integer) + cast(unplaced.home_phone is null as integer)]
        ) as work_phone
    from unplaced
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
