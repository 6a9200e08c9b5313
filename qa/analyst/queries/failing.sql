-- One row per record that fails a check, with the value as received and whose it is.
with
failing as (
    select * from failing_records where check_id = $check_id
),

pseudonyms as (
    select * from raw_store.history.pseudonyms
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
        failing.quarantined,
        pseudonyms.pseudonym,
        failing.record_key,
        failing.is_guardian
    from failing
    left join pseudonyms on failing.entity = pseudonyms.kind and failing.record_key = pseudonyms.record_key
    order by
        failing.school asc nulls last,
        failing.school_id asc nulls last,
        failing.student asc nulls last,
        failing.student_id asc nulls last,
        failing.contact_id asc nulls last,
        failing.position asc
)

select * from final
