{#-
A view: only worklists and the unredacted report read it, so a nightly run pays nothing for it. It names no database,
because a reader may attach the warehouse under another name.
-#}
{{ config(materialized='view') }}

with
failures as (
    select * from {{ ref('check_failures').include(database=false) }}
),

students as (
    select * from {{ ref('int_students_keyed').include(database=false) }}
),

contacts as (
    select * from {{ ref('int_contacts_keyed').include(database=false) }}
),

links as (
    select * from {{ ref('int_student_contacts_ranked').include(database=false) }}
),

addresses as (
    select * from {{ ref('int_contact_addresses_composed').include(database=false) }}
),

phones as (
    select * from {{ ref('int_contact_phones_ranked').include(database=false) }}
),

schools as (
    select * from {{ ref('int_schools_keyed').include(database=false) }}
),

ud_fields as (
    select * from {{ ref('int_ud_fields_keyed').include(database=false) }}
),

duplicates as (
    select * from {{ ref('int_guardian_duplicates').include(database=false) }}
),

explained as (
    select * from {{ ref('load_consequences').include(database=false) }}
),

-- All ids under which one guardian seems to be entered.
entries as (
    select
        duplicate_group_id,
        string_agg(contact_id, ', ' order by contact_id) as contact_ids
    from duplicates
    group by duplicate_group_id
),

received as (
    select
        failures.*,
        students.student_id,
        concat_ws(' ', students.first_name, students.last_name) as student,
        case
            when failures.check_id = 'students__twins__suspected'
                then concat_ws(
                    ' ', students.first_name_text, students.last_name_text, left(students.birth_date_text, 10)
                )
            when failures.field = 'student_id' then students.student_id
            when failures.field = 'state_student_id' then students.state_student_id
            when failures.field = 'first_name' then students.first_name_text
            when failures.field = 'last_name' then students.last_name_text
            when failures.field = 'name'
                then concat_ws(' ', students.first_name_text, students.middle_name_text, students.last_name_text)
            when failures.field = 'birth_date' then students.birth_date_text
            when failures.field = 'gender' then students.gender_code
            when failures.field = 'grade' then students.grade_code
            when failures.field = 'enrollment_status' then students.status_code
            when failures.field = 'school_id' then students.school_id
        end as value
    from failures
    inner join students on failures.position = students.position
    where failures.entity = 'students'
    union all by name
    select
        failures.*,
        contacts.contact_id,
        case
            when failures.check_id = 'contacts__person__duplicated' then entries.contact_ids
            when failures.field = 'contact_id' then contacts.contact_id
            when failures.field = 'first_name' then contacts.first_name_text
            when failures.field = 'last_name' then contacts.last_name_text
            when failures.field = 'name'
                then concat_ws(' ', contacts.first_name_text, contacts.middle_name_text, contacts.last_name_text)
            when failures.field = 'email' then contacts.email
        end as value
    from failures
    inner join contacts on failures.position = contacts.position
    left join duplicates on contacts.contact_id = duplicates.contact_id
    left join entries on duplicates.duplicate_group_id = entries.duplicate_group_id
    where failures.entity = 'contacts'
    union all by name
    select
        failures.*,
        links.student_id,
        links.contact_id,
        coalesce(links.contact_type = 'G', false) as is_guardian,
        case
            when failures.field = 'student_id' then links.student_id
            when failures.field = 'contact_id' then links.contact_id
            when failures.field = 'contact_type' then links.contact_type
            when failures.field = 'relation' then links.relation_code
            when failures.field = 'contact_priority' then cast(links.contact_priority as varchar)
        end as value
    from failures
    inner join links on failures.position = links.position
    where failures.entity = 'student_contacts'
    union all by name
    select
        failures.*,
        addresses.contact_id,
        case
            when failures.field = 'contact_id' then addresses.contact_id
            when failures.field = 'city' then addresses.city
            when failures.field = 'state' then addresses.state
            when failures.field = 'postal_code' then addresses.postal_code_text
        end as value
    from failures
    inner join addresses on failures.position = addresses.position
    where failures.entity = 'contact_addresses'
    union all by name
    select
        failures.*,
        phones.contact_id,
        case
            when failures.field = 'contact_id' then phones.contact_id
            when failures.field = 'phone_type' then phones.phone_type
            when failures.field = 'phone_number' then phones.phone_text
        end as value
    from failures
    inner join phones on failures.position = phones.position
    where failures.entity = 'contact_phones'
    union all by name
    select
        failures.*,
        case
            when failures.field = 'school_id' then schools.school_id
            when failures.field = 'name' then schools.name
            when failures.field = 'state_school_id' then schools.state_school_id
        end as value
    from failures
    inner join schools on failures.position = schools.position
    where failures.entity = 'schools'
    union all by name
    select
        failures.*,
        ud_fields.student_id,
        case when failures.field = 'student_id' then ud_fields.student_id end as value
    from failures
    inner join ud_fields on failures.position = ud_fields.position
    where failures.entity = 'ud_fields'
),

-- A contact is found through a student: a guardian through a child, anyone else through the first student.
first_links as (
    select
        contact_id,
        coalesce(min(student_id) filter (where contact_type = 'G'), min(student_id)) as student_id,
        bool_or(contact_type = 'G') as is_guardian
    from links
    where quarantine_reason is null
    group by contact_id
),

located as (
    select
        received.* replace (
            coalesce(received.student_id, first_links.student_id) as student_id,
            coalesce(received.is_guardian, first_links.is_guardian, false) as is_guardian
        )
    from received
    left join first_links on received.contact_id = first_links.contact_id
),

-- The name behind each id, once, also where an id was sent twice.
named_students as (
    select
        student_id,
        any_value(concat_ws(' ', first_name, last_name)) as student,
        any_value(school_id) as school_id
    from students
    where student_id is not null
    group by student_id
),

named_contacts as (
    select
        contact_id,
        any_value(concat_ws(' ', first_name, last_name)) as contact
    from contacts
    where contact_id is not null
    group by contact_id
),

named_schools as (
    select
        school_id,
        any_value(name) as school
    from schools
    where school_id is not null
    group by school_id
),

placed as (
    select
        located.* replace (
            coalesce(named_students.school_id, located.school_id) as school_id,
            coalesce(located.student, named_students.student) as student
        ),
        named_contacts.contact
    from located
    left join named_students on located.student_id = named_students.student_id
    left join named_contacts on located.contact_id = named_contacts.contact_id
),

final as (
    select
        placed.check_id,
        placed.entity,
        placed.record_key,
        placed.position,
        placed.field,
        placed.reason,
        placed.value,
        placed.school_id,
        named_schools.school,
        placed.student_id,
        placed.student,
        placed.contact_id,
        placed.contact,
        placed.is_guardian,
        explained.position is not null as is_of_held_load
    from placed
    left join named_schools on placed.school_id = named_schools.school_id
    left join explained on placed.check_id = explained.check_id and placed.position = explained.position
)

select * from final
