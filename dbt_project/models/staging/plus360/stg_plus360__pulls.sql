{{ config(materialized='ephemeral') }}

with
pulls as (
    select * from {{ source('plus360', 'pulls') }}
),

final as (
    select
        run_id,
        endpoint,
        state,
        outcome,
        state in ('complete', 'unreconciled') as is_received,
        run_id = {{ this_run() }} as is_this_run,
        rows,
        reported_total,
        coalesce(replaced_characters, 0) as replaced_characters,
        started_at,
        finished_at
    from pulls
)

select * from final
