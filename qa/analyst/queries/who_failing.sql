-- One row per check that the record of one of the pseudonyms fails.
with
pseudonyms as (
    select * from raw_store.history.pseudonyms
    where list_contains(cast($codes as varchar[]), pseudonym)
),

failing as (
    select * from warehouse.checks.failing_values
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
        pseudonyms.pseudonym,
        failing.check_id,
        failing.field,
        failing.value,
        failing.reason,
        quarantined.reason as quarantined,
        failing.entity as kind,
        failing.record_key,
        failing.position
    from failing
    inner join pseudonyms on failing.entity = pseudonyms.kind and failing.record_key = pseudonyms.record_key
    left join quarantined
        on
            failing.reason = 'not_found'
            and failing.value = quarantined.record_key
            and case failing.field
                when 'student_id' then 'Student'
                when 'contact_id' then 'Contact'
                when 'school_id' then 'School'
            end = quarantined.endpoint
)

select * from final
