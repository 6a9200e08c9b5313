{%- set fields = [
    'district_id', 'school_id', 'name', 'abbreviation', 'street_line_1', 'street_line_2', 'city',
    'state', 'postal_code', 'phone_number', 'fax_number', 'principal', 'calendar', 'building_type',
    'state_school_id', 'county_code', 'is_out_of_district', 'is_transfer_building', 'changed_at'
] -%}

with
source as (
    {{ raw_fields('School', fields, labels_by_field('School', this_run())) }}
),

final as (
    select
        position,
        {{ to_key('district_id') }} as district_id,
        {{ to_key('school_id') }} as school_id,
        {{ to_name('name') }} as name,
        abbreviation,
        {{ to_name('street_line_1') }} as street_line_1,
        {{ to_name('street_line_2') }} as street_line_2,
        {{ to_name('city') }} as city,
        {{ to_code('state') }} as state,
        postal_code,
        phone_number,
        fax_number,
        {{ to_name('principal') }} as principal,
        calendar,
        building_type,
        {{ to_key('state_school_id') }} as state_school_id,
        county_code,
        {{ to_flag('is_out_of_district') }} as is_out_of_district,
        {{ to_flag('is_transfer_building') }} as is_transfer_building,
        {{ to_timestamp('changed_at') }} as changed_at,
        has_duplicate_label
    from source
)

select * from final
