with
addresses as (
    select * from {{ ref('stg_plus360__contact_addresses') }}
),

codes as (
    select * from {{ ref('int_codes') }}
),

normalised as (
    select
        addresses.* replace ({{ to_postal_code('addresses.postal_code') }} as postal_code),
        addresses.postal_code as postal_code_text,
        states.code is not null as has_known_state,
        {{ set_aside_reason(['contact_id']) }} as set_aside_reason
    from addresses
    left join codes as states on states.code_set = 'state' and addresses.state = states.code
),

final as (
    select
        normalised.*,
        {{ street_line('normalised') }} as street_line,
        coalesce(street_name, complex, city, postal_code_text) is not null as has_address
    from normalised
)

select * from final
