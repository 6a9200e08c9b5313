-- One row per record of an endpoint that one of two runs received and the other one did not, byte by byte.
-- Records are told apart by a hash of 64 bits: reading them twice takes longer than anything else here.
with
received as materialized (
    select
        run_id,
        position,
        hash(payload) as content
    from query_table($table)
    where run_id in ($before, $after)
),

unequal as (
    select
        content,
        least(count(*) filter (where run_id = $before), count(*) filter (where run_id = $after)) as in_both
    from received
    group by content
    having count(*) filter (where run_id = $before) <> count(*) filter (where run_id = $after)
),

differing as (
    select
        received.run_id,
        received.position
    from received
    inner join unequal on received.content = unequal.content
    qualify
        row_number() over (partition by received.run_id, received.content order by received.position)
        > unequal.in_both
),

final as (
    select
        records.run_id,
        records.position,
        records.payload
    from query_table($table) as records
    inner join differing on records.run_id = differing.run_id and records.position = differing.position
)

select * from final
