with
schools as (
    select * from {{ ref('stg_plus360__schools') }}
),

final as (
    select
        schools.*,
        {{ set_aside_reason(['school_id']) }} as set_aside_reason
    from schools
)

select * from final
