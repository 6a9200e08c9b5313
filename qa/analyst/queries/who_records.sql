-- One row per pseudonym that is known, with whose record it stands for and whether the run has it.
with
pseudonyms as (
    select
        pseudonym,
        kind,
        record_key,
        split_part(record_key, '/', 1) as first_part,
        split_part(record_key, '/', 2) as second_part
    from raw_store.history.pseudonyms
    where list_contains(cast($codes as varchar[]), pseudonym)
),

keyed as (
    select
        pseudonym,
        kind,
        record_key,
        second_part,
        case when kind in ('students', 'student_contacts', 'ud_fields') then first_part end as student_id,
        case
            when kind in ('contacts', 'contact_addresses', 'contact_phones') then first_part
            when kind = 'student_contacts' then second_part
        end as contact_id,
        case when kind = 'schools' then record_key end as school_id
    from pseudonyms
),

students as (
    select
        student_id,
        any_value(concat_ws(' ', first_name, last_name)) as student,
        any_value(school_id) as school_id
    from warehouse.intermediate.int_students_keyed
    group by student_id
),

contacts as (
    select
        contact_id,
        any_value(concat_ws(' ', first_name, last_name)) as contact
    from warehouse.intermediate.int_contacts_keyed
    semi join keyed on int_contacts_keyed.contact_id = keyed.contact_id
    group by contact_id
),

schools as (
    select
        school_id,
        any_value(name) as school
    from warehouse.intermediate.int_schools_keyed
    group by school_id
),

links as (
    select
        student_id,
        contact_id,
        contact_type
    from warehouse.intermediate.int_student_contacts_ranked
    where quarantine_reason is null
),

-- A contact is found through a student: a guardian through a child, anyone else through the first student.
first_links as (
    select
        links.contact_id,
        coalesce(min(links.student_id) filter (where links.contact_type = 'G'), min(links.student_id)) as student_id,
        bool_or(links.contact_type = 'G') as is_guardian
    from links
    semi join keyed on links.contact_id = keyed.contact_id
    group by links.contact_id
),

received as (
    select
        'students' as kind,
        student_id as record_key
    from students
    union all
    select
        'contacts' as kind,
        contact_id as record_key
    from contacts
    union all
    select
        'schools' as kind,
        school_id as record_key
    from schools
    union all
    select
        'student_contacts' as kind,
        concat_ws('/', student_id, contact_id, contact_type) as record_key
    from warehouse.intermediate.int_student_contacts_ranked
    union all
    select
        'contact_addresses' as kind,
        contact_id as record_key
    from warehouse.intermediate.int_contact_addresses_composed
    union all
    select
        'contact_phones' as kind,
        concat_ws('/', contact_id, phone_type) as record_key
    from warehouse.intermediate.int_contact_phones_ranked
    union all
    select
        'ud_fields' as kind,
        student_id as record_key
    from warehouse.intermediate.int_ud_fields_keyed
),

here as (
    select distinct
        received.kind,
        received.record_key
    from received
    semi join keyed on received.kind = keyed.kind and received.record_key = keyed.record_key
),

final as (
    select
        keyed.pseudonym,
        keyed.kind,
        keyed.record_key,
        coalesce(keyed.student_id, first_links.student_id) as student_id,
        students.student,
        keyed.contact_id,
        contacts.contact,
        coalesce(keyed.school_id, students.school_id) as school_id,
        schools.school,
        coalesce(first_links.is_guardian, false) as is_guardian,
        here.record_key is not null as is_received
    from keyed
    left join first_links on keyed.contact_id = first_links.contact_id
    left join students on coalesce(keyed.student_id, first_links.student_id) = students.student_id
    left join contacts on keyed.contact_id = contacts.contact_id
    left join schools on coalesce(keyed.school_id, students.school_id) = schools.school_id
    left join here on keyed.kind = here.kind and keyed.record_key = here.record_key
)

select * from final
