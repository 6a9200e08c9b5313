with
links as (
    select * from {{ ref('int_student_contacts_ranked') }}
),

profiles as (
    select * from {{ ref('int_contacts_profiled') }}
),

labels as (
    select * from {{ ref('stg_plus360__labels') }} where endpoint <> 'UDRegUser' or field is not null
),

field_labels as (
    select * from {{ ref('field_labels') }}
),

pulls as (
    select
        {{ endpoints() | length }} as "endpoints",
        5 as "endpoints held against the last published night"
),

label_counts as (
    select
        (select count(*) from labels) + (
            select count(distinct (missing.endpoint, missing.field))
            from field_labels as missing
            semi join labels on missing.endpoint = labels.endpoint
            anti join labels on missing.endpoint = labels.endpoint and missing.field = labels.field
            where not missing.is_optional
        ) as "labels that came or should have come"
),

schools as (
    select
        count(*) as "school records",
        count(*) filter (where set_aside_reason is distinct from 'doubled_key') as "schools"
    from {{ ref('int_schools_keyed') }}
),

students as (
    select
        count(*) as "student records",
        count(*) filter (where students.set_aside_reason is distinct from 'doubled_key') as "students",
        count(*) filter (
            where students.set_aside_reason is null and guardians.student_id is not null
        ) as "students with a guardian"
    from {{ ref('int_students_keyed') }} as students
    left join (
        select distinct student_id from links where set_aside_reason is null and contact_type = 'G'
    ) as guardians
        on students.student_id = guardians.student_id
),

contacts as (
    select
        count(*) as "contact records",
        count(*) filter (where contacts.set_aside_reason is distinct from 'doubled_key') as "contacts",
        count(*) filter (where contacts.set_aside_reason is null and profiles.is_guardian) as "guardians"
    from {{ ref('int_contacts_keyed') }} as contacts
    left join profiles on contacts.contact_id = profiles.contact_id
),

student_contacts as (
    select
        count(*) as "link records",
        count(*) filter (where set_aside_reason is distinct from 'doubled_key') as "links",
        count(*) filter (
            where set_aside_reason is distinct from 'doubled_key' and contact_type = 'G'
        ) as "links of guardians"
    from links
),

contact_addresses as (
    select
        count(*) as "addresses",
        count(*) filter (
            where profiles.is_guardian or profiles.is_physical_address or profiles.is_mailing_address
        ) as "addresses of students and guardians"
    from {{ ref('int_contact_addresses_composed') }} as addresses
    left join profiles on addresses.contact_id = profiles.contact_id
    where addresses.set_aside_reason is distinct from 'doubled_key'
),

contact_phones as (
    select
        count(*) as "phone records",
        count(*) filter (where set_aside_reason is distinct from 'doubled_key') as "phones"
    from {{ ref('int_contact_phones_ranked') }}
),

ud_fields as (
    select count(*) as "records of district-defined fields"
    from {{ ref('int_ud_fields_keyed') }}
    where set_aside_reason is distinct from 'doubled_key'
),

counts as (
    select *
    from
        pulls, label_counts, schools, students, contacts, student_contacts, contact_addresses, contact_phones,
        ud_fields
),

final as (
    unpivot counts on columns(*) into name population value records
)

select
    population,
    records
from final
