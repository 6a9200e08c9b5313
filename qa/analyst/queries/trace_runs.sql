-- One row per run that is kept: how its pull of Student ended, its verdict, and the last decision on it.
with
pulls as (
    select * from raw_store.plus360.pulls
),

nights as (
    select * from raw_store.history.nights
),

decisions as (
    select * from raw_store.history.decisions where decision in ('released', 'discarded')
),

runs as (
    select
        run_id,
        max(state) filter (where endpoint = 'Student') as pulled
    from pulls
    group by run_id
),

decided as (
    select
        run_id,
        arg_max(decision, decided_at) as decision
    from decisions
    group by run_id
),

final as (
    select
        runs.run_id,
        runs.pulled,
        nights.verdict,
        decided.decision
    from runs
    left join nights on runs.run_id = nights.run_id
    left join decided on runs.run_id = decided.run_id
)

select * from final
order by run_id asc
