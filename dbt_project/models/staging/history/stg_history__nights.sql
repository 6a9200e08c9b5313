{{ config(materialized='ephemeral') }}

with
nights as (
    select * from {{ source('history', 'nights') }}
),

final as (
    select
        run_id,
        verdict,
        counts,
        started_at,
        finished_at
    from nights
)

select * from final
