{{ config(materialized='ephemeral') }}

with
decisions as (
    select * from {{ source('history', 'decisions') }}
),

final as (
    select
        run_id,
        decision,
        decided_at
    from decisions
)

select * from final
