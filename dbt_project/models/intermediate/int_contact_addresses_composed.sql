with
addresses as (
    select * from {{ ref('stg_plus360__contact_addresses') }}
),

codes as (
    select * from {{ ref('int_codes') }}
),

normalized as (
    select
        addresses.* replace ({{ to_postal_code('addresses.postal_code') }} as postal_code),
        addresses.postal_code as postal_code_text,
        states.code is not null as has_known_state,
        {{ quarantine_reason(['contact_id']) }} as quarantine_reason
    from addresses
    left join codes as states on states.code_set = 'state' and addresses.state = states.code
),

final as (
    select
        normalized.*,
        {{ street_line('normalized') }} as street_line,
        coalesce(street_name, complex, city, postal_code_text) is not null as has_address
    from normalized
)

select * from final
