with
schools as (
    select * from {{ ref('stg_plus360__schools') }}
),

final as (
    select
        schools.*,
        {{ quarantine_reason(['school_id']) }} as quarantine_reason
    from schools
)

select * from final
