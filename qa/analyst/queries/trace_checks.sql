-- One row per check that a record of the family fails.
with
family as (
    select
        unnest(cast($entities as varchar[])) as entity,
        unnest(cast($positions as bigint[])) as position
),

failing as (
    select * from failing_records
    where
        position in (select unnest(cast($positions as bigint[])))
        and entity in (select unnest(cast($entities as varchar[])))
),

final as (
    select
        failing.entity,
        failing.position,
        failing.record_key,
        failing.check_id,
        failing.field,
        failing.value,
        failing.reason
    from failing
    semi join family on failing.entity = family.entity and failing.position = family.position
    order by
        failing.check_id asc,
        failing.record_key asc,
        failing.position asc
)

select * from final
