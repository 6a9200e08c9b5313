-- One row per check that a record of the student, or of a contact or the school of the student, fails.
with
failing as (
    select * from warehouse.checks.failing_values
),

students as (
    select * from warehouse.intermediate.int_students_keyed where student_id = $student_id
),

links as (
    select * from warehouse.intermediate.int_student_contacts_ranked where student_id = $student_id
),

phones as (
    select * from warehouse.intermediate.int_contact_phones_ranked
),

pseudonyms as (
    select * from raw_store.history.pseudonyms
),

-- The keys of their records: a failing record is looked for by its key alone, which is quick.
keys as (
    select
        unnest(['students', 'ud_fields']) as entity,
        $student_id as record_key
    union all
    select distinct
        'schools' as entity,
        school_id as record_key
    from students
    union all
    select
        'student_contacts' as entity,
        concat_ws('/', student_id, coalesce(contact_id, '#' || position), coalesce(contact_type, '#' || position))
            as record_key
    from links
    union all
    select distinct
        unnest(['contacts', 'contact_addresses']) as entity,
        contact_id as record_key
    from links
    union all
    select distinct
        'contact_phones' as entity,
        phones.contact_id || '/' || coalesce(phones.phone_type, '#' || phones.position) as record_key
    from phones
    semi join links on phones.contact_id = links.contact_id
),

-- The record that is not found may have been received, and quarantined.
quarantined as (
    select
        endpoint,
        record_key,
        any_value(reason) as reason
    from warehouse.marts.quarantined_records
    group by endpoint, record_key
),

final as (
    select
        failing.check_id,
        case
            when failing.entity = 'schools' then failing.school
            when failing.entity in ('students', 'ud_fields') then failing.student
            else failing.contact
        end as whose,
        failing.field,
        failing.value,
        failing.reason,
        quarantined.reason as quarantined,
        pseudonyms.pseudonym,
        failing.record_key
    from failing
    semi join keys on failing.entity = keys.entity and failing.record_key = keys.record_key
    left join pseudonyms on failing.entity = pseudonyms.kind and failing.record_key = pseudonyms.record_key
    left join quarantined
        on
            failing.reason = 'not_found'
            and failing.value = quarantined.record_key
            and case failing.field
                when 'student_id' then 'Student'
                when 'contact_id' then 'Contact'
                when 'school_id' then 'School'
            end = quarantined.endpoint
    order by
        -- What a quarantined record causes comes after its cause.
        quarantined.reason is not null asc,
        failing.check_id asc,
        failing.position asc
)

select * from final
