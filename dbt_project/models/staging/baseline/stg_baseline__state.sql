{{ config(materialized='ephemeral') }}

with
state as (
    select * from {{ source('baseline', 'state') }}
),

final as (
    select
        file,
        student_id,
        contact_id,
        school_id,
        effect,
        check_id,
        since_run_id,
        runs
    from state
)

select * from final
