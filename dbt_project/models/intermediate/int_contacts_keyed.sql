with
contacts as (
    select * from {{ ref('stg_plus360__contacts') }}
),

final as (
    select
        contacts.*,
        coalesce({{ is_email('email') }}, false) as has_valid_email,
        {{ quarantine_reason(['contact_id']) }} as quarantine_reason
    from contacts
)

select * from final
