with
contacts as (
    select * from {{ ref('stg_plus360__contacts') }}
),

final as (
    select
        contacts.*,
        coalesce({{ is_email('email') }}, false) as has_valid_email,
        {{ set_aside_reason(['contact_id']) }} as set_aside_reason
    from contacts
)

select * from final
