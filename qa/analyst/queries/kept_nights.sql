-- One row per run that is kept, the newest first: how many of its seven pulls are complete, and how it ended.
with
pulled as (
    select
        run_id,
        min(started_at) as started_at,
        count(*) filter (where state = 'complete') as complete,
        cast(sum(rows) as bigint) as records
    from raw_store.plus360.pulls
    group by run_id
),

final as (
    select
        pulled.run_id,
        coalesce(ended.started_at, pulled.started_at) as started_at,
        ended.verdict,
        pulled.complete,
        pulled.records
    from pulled
    left join raw_store.history.nights as ended on pulled.run_id = ended.run_id
    order by pulled.run_id desc
)

select * from final
