{{ config(materialized='ephemeral') }}

with
loads as (
    select * from {{ source('history', 'loads') }}
),

final as (
    select
        run_id,
        file,
        field,
        base,
        lost
    from loads
)

select * from final
