-- One row per record of a student, of the student's contacts and of the school, in the run that was built.
with
students as (
    select * from warehouse.intermediate.int_students_keyed where student_id = $student_id
),

links as (
    select * from warehouse.intermediate.int_student_contacts_ranked where student_id = $student_id
),

loaded as (
    select * from warehouse.load_effects.load_guardians where student_id = $student_id
),

people as (
    select contact_id from links
    where contact_id is not null
    union
    select contact_id from loaded
),

contacts as (
    select * from warehouse.intermediate.int_contacts_keyed
    where contact_id in (select people.contact_id from people)
),

addresses as (
    select * from warehouse.intermediate.int_contact_addresses_composed
    where contact_id in (select people.contact_id from people)
),

phones as (
    select * from warehouse.intermediate.int_contact_phones_ranked
    where contact_id in (select people.contact_id from people)
),

ud_fields as (
    select * from warehouse.intermediate.int_ud_fields_keyed where student_id = $student_id
),

schools as (
    select * from warehouse.intermediate.int_schools_keyed
    where school_id in (select students.school_id from students)
),

final as (
    select
        1 as place,
        'Student' as endpoint,
        position,
        student_id as record_key,
        concat_ws(' ', first_name, last_name) as name,
        quarantine_reason
    from students
    union all
    select
        2 as place,
        'School' as endpoint,
        position,
        school_id as record_key,
        name,
        quarantine_reason
    from schools
    union all
    select
        3 as place,
        'UDRegUser' as endpoint,
        position,
        student_id as record_key,
        null as name,
        quarantine_reason
    from ud_fields
    union all
    select
        4 as place,
        'StudentContact' as endpoint,
        position,
        concat_ws('/', student_id, contact_id, contact_type) as record_key,
        null as name,
        quarantine_reason
    from links
    union all
    select
        5 as place,
        'Contact' as endpoint,
        position,
        contact_id as record_key,
        concat_ws(' ', first_name, last_name) as name,
        quarantine_reason
    from contacts
    union all
    select
        6 as place,
        'ContactAddress' as endpoint,
        position,
        contact_id as record_key,
        null as name,
        quarantine_reason
    from addresses
    union all
    select
        7 as place,
        'ContactPhone' as endpoint,
        position,
        concat_ws('/', contact_id, phone_type) as record_key,
        null as name,
        quarantine_reason
    from phones
)

select
    endpoint,
    position,
    record_key,
    name,
    quarantine_reason
from final
order by
    place asc,
    record_key asc,
    quarantine_reason is not null asc,
    position asc
