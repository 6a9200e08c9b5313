-- One row per record that fails a check, with the value as received and whose it is; and of a record that is not
-- found, why it is quarantined.
with
failing as (
    select * from warehouse.checks.failing_values
),

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
        failing.*,
        quarantined.reason as quarantined
    from failing
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
