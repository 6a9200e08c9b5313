-- One row per check that a record of the student, or of a contact or the school of the student, fails.
with
failing as (
    select * from failing_records
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
        failing.quarantined,
        pseudonyms.pseudonym,
        failing.record_key
    from failing
    semi join keys on failing.entity = keys.entity and failing.record_key = keys.record_key
    left join pseudonyms on failing.entity = pseudonyms.kind and failing.record_key = pseudonyms.record_key
    order by
        -- What a quarantined record causes comes after its cause.
        failing.quarantined is not null asc,
        failing.check_id asc,
        failing.position asc
)

select * from final
