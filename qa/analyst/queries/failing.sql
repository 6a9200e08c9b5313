-- One row per record that fails a check, with the value as received and whose it is.
with
failing as (
    select * from warehouse.checks.failing_values where check_id = $check_id
),

pseudonyms as (
    select * from raw_store.history.pseudonyms
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
        failing.student_id,
        failing.student,
        failing.contact_id,
        failing.contact,
        failing.school_id,
        failing.school,
        failing.field,
        failing.value,
        failing.reason,
        quarantined.reason as quarantined,
        pseudonyms.pseudonym,
        failing.record_key,
        failing.is_guardian
    from failing
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
        failing.school asc nulls last,
        failing.school_id asc nulls last,
        failing.student asc nulls last,
        failing.student_id asc nulls last,
        failing.contact_id asc nulls last,
        failing.position asc
)

select * from final
