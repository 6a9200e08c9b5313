-- One row per check that the record of one of the pseudonyms fails.
with
pseudonyms as (
    select * from raw_store.history.pseudonyms
    where list_contains(cast($codes as varchar[]), pseudonym)
),

failing as (
    select * from failing_records
),

final as (
    select
        pseudonyms.pseudonym,
        failing.check_id,
        failing.field,
        failing.value,
        failing.reason,
        failing.quarantined,
        failing.entity as kind,
        failing.record_key,
        failing.position
    from failing
    inner join pseudonyms on failing.entity = pseudonyms.kind and failing.record_key = pseudonyms.record_key
)

select * from final
