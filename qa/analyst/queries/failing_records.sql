-- One row per record that fails a check, with the value as received and whose it is; and of a record that is not
-- found, why it is quarantined.
with
-- Where an endpoint that a check reads was not received, the check has rows, but no one knows whether they are true.
evaluated as (
    select check_id from warehouse.checks.check_results where state = 'failed'
),

failing as (
    select * from warehouse.checks.failing_values
    semi join evaluated on failing_values.check_id = evaluated.check_id
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
