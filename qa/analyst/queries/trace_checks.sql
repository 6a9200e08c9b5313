-- One row per check that a record of the family fails.
with
family as (
    select
        unnest(cast($entities as varchar[])) as entity,
        unnest(cast($positions as bigint[])) as position
),

failing as (
    select * from warehouse.checks.failing_values
    where
        position in (select unnest(cast($positions as bigint[])))
        and entity in (select unnest(cast($entities as varchar[])))
),

results as (
    select * from warehouse.checks.check_results
),

final as (
    select
        failing.entity,
        failing.position,
        failing.record_key,
        failing.check_id,
        results.level,
        results.title,
        failing.field,
        failing.value,
        failing.reason,
        results.owner,
        results.place,
        results.why,
        results.remedy,
        results.when_all,
        results.population,
        results.endpoints,
        results.state,
        results.failed,
        results.total
    from failing
    semi join family on failing.entity = family.entity and failing.position = family.position
    inner join results on failing.check_id = results.check_id
    order by
        list_position(['stop', 'hold', 'error', 'warn'], results.level) asc,
        failing.check_id asc,
        failing.record_key asc,
        failing.position asc
)

select * from final
