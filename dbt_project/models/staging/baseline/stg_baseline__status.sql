{{ config(materialized='ephemeral') }}

with
status as (
    select * from {{ source('baseline', 'status') }}
),

final as (
    select
        run_id,
        layout,
        district_id,
        student_fields,
        guardian_fields,
        fault
    from status
)

select * from final
