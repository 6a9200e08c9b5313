-- One row per contact that shares a phone, an email or an address ($by) with another one; those shared by most people
-- come first.
with
contacts as (
    select * from warehouse.intermediate.int_contacts_keyed
),

profiles as (
    select * from warehouse.intermediate.int_contacts_profiled
),

links as (
    select * from warehouse.intermediate.int_student_contacts_ranked
),

students as (
    select * from warehouse.intermediate.int_students_keyed
),

held as (
    select
        contact_id,
        coalesce(phone_number, phone_text) as shared
    from warehouse.intermediate.int_contact_phones_ranked
    where $by = 'phones'
    union all
    select
        contact_id,
        lower(trim(email)) as shared
    from contacts
    where $by = 'emails'
    union all
    select
        contact_id,
        concat_ws(', ', street_line, city, coalesce(postal_code, postal_code_text)) as shared
    from warehouse.intermediate.int_contact_addresses_composed
    where $by = 'addresses' and street_line is not null
),

listed as (
    select distinct
        held.shared,
        held.contact_id,
        count(distinct held.contact_id) over (partition by held.shared) as people
    from held
    inner join profiles on held.contact_id = profiles.contact_id
    -- A contact of an address alone stands for the student.
    where
        held.shared is not null
        and (
            profiles.is_guardian or profiles.is_emergency_contact
            or not (profiles.is_physical_address or profiles.is_mailing_address)
        )
),

sharing as (
    select * from listed where people > 1
),

linked as (
    select distinct
        links.contact_id,
        concat_ws(' ', students.first_name, students.last_name, '(' || students.student_id || ')') as student
    from links
    semi join sharing on links.contact_id = sharing.contact_id
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
        dense_rank() over (order by sharing.people desc, sharing.shared asc) as "group",
        sharing.people,
        sharing.shared,
        if(profiles.is_guardian, 'guardian', 'contact') as kind,
        concat_ws(' ', contacts.first_name, contacts.last_name, contacts.generation_suffix) as name,
        students_of.students,
        contacts.contact_id
    from sharing
    inner join contacts on sharing.contact_id = contacts.contact_id
    inner join profiles on sharing.contact_id = profiles.contact_id
    left join students_of on sharing.contact_id = students_of.contact_id
    order by
        sharing.people desc,
        sharing.shared asc,
        contacts.contact_id asc
)

select * from final
