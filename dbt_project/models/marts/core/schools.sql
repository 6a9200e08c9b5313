with
schools as (
    select * from {{ ref('int_schools_keyed') }} where quarantine_reason is null
),

final as (
    select
        school_id,
        name,
        abbreviation,
        state_school_id,
        street_line_1,
        street_line_2,
        city,
        state,
        {{ to_postal_code('postal_code') }} as postal_code,
        nullif({{ to_phone_number('phone_number') }}, '') as phone_number,
        nullif({{ to_phone_number('fax_number') }}, '') as fax_number,
        principal,
        calendar,
        building_type,
        county_code,
        coalesce(is_out_of_district, false) as is_out_of_district,
        coalesce(is_transfer_building, false) as is_transfer_building,
        district_id,
        changed_at,
        position
    from schools
)

select * from final
