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
        5 as "endpoints held against the last published night",
        2 as "import files"
),

-- Of the file that the check counts in, or of students.csv where none fails.
load as (
    select coalesce(
        (
            select arg_max(failing.records, failing.field) from {{ ref('checks_load') }} as failing
            where failing.check_id = 'load__refused__plausible'
        ),
        (
            select count(*) from {{ ref('int_students_keyed') }} as students
            where coalesce(students.set_aside_reason, '') <> 'doubled_key'
        )
    ) as "rows of an import file"
),

labels_that_came as (
    select count(*) as labels from labels
),

fields_that_did_not as (
    select count(distinct field_labels.endpoint || '.' || field_labels.field) as fields
    from field_labels
    left join labels on field_labels.endpoint = labels.endpoint and field_labels.field = labels.field
    where
        labels.field is null
        and not field_labels.is_optional
        and field_labels.endpoint in (select came.endpoint from labels as came)
),

label_counts as (
    select labels_that_came.labels + fields_that_did_not.fields as "labels that came or should have come"
    from labels_that_came
    cross join fields_that_did_not
),

students_of_guardians as (
    select distinct student_id from links where set_aside_reason is null and contact_type = 'G'
),

schools as (
    select
        count(*) as "school records",
        count(*) filter (where coalesce(set_aside_reason, '') <> 'doubled_key') as "schools"
    from {{ ref('int_schools_keyed') }}
),

students as (
    select
        count(*) as "student records",
        count(*) filter (where coalesce(students.set_aside_reason, '') <> 'doubled_key') as "students",
        count(*) filter (
            where students.set_aside_reason is null and guardians.student_id is not null
        ) as "students with a guardian"
    from {{ ref('int_students_keyed') }} as students
    left join students_of_guardians as guardians on students.student_id = guardians.student_id
),

contacts as (
    select
        count(*) as "contact records",
        count(*) filter (where coalesce(contacts.set_aside_reason, '') <> 'doubled_key') as "contacts",
        count(*) filter (where contacts.set_aside_reason is null and profiles.is_guardian) as "guardians"
    from {{ ref('int_contacts_keyed') }} as contacts
    left join profiles on contacts.contact_id = profiles.contact_id
),

student_contacts as (
    select
        count(*) as "link records",
        count(*) filter (where coalesce(set_aside_reason, '') <> 'doubled_key') as "links",
        count(*) filter (
            where coalesce(set_aside_reason, '') <> 'doubled_key' and contact_type = 'G'
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
    where coalesce(addresses.set_aside_reason, '') <> 'doubled_key'
),

contact_phones as (
    select
        count(*) as "phone records",
        count(*) filter (where coalesce(set_aside_reason, '') <> 'doubled_key') as "phones"
    from {{ ref('int_contact_phones_ranked') }}
),

ud_fields as (
    select count(*) as "records of district-defined fields"
    from {{ ref('int_ud_fields_keyed') }}
    where coalesce(set_aside_reason, '') <> 'doubled_key'
),

counts as (
    select *
    from
        pulls, load, label_counts, schools, students, contacts, student_contacts, contact_addresses, contact_phones,
        ud_fields
),

final as (
    unpivot counts on columns(*) into name population value records
)

select
    population,
    records
from final
