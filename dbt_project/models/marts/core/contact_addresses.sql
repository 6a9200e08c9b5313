with
addresses as (
    select * from {{ ref('int_contact_addresses_composed') }} where quarantine_reason is null
),

final as (
    select
        contact_id,
        street_line,
        street_number,
        street_prefix,
        street_name,
        street_type,
        street_suffix,
        apartment,
        complex,
        development,
        city,
        state,
        postal_code,
        postal_code_text,
        delivery_point,
        district_id,
        changed_at,
        position
    from addresses
)

select * from final
