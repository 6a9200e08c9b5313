with
ud_fields as (
    select * from {{ ref('stg_plus360__ud_fields') }}
),

final as (
    select
        ud_fields.*,
        {{ quarantine_reason(['student_id']) }} as quarantine_reason
    from ud_fields
)

select * from final
