{%- set fields = [
    'district_id', 'contact_id', 'apartment', 'complex', 'development', 'street_number',
    'street_prefix', 'street_name', 'street_type', 'street_suffix', 'city', 'state', 'postal_code',
    'delivery_point', 'changed_at'
] -%}

with
source as (
    {{ raw_fields('ContactAddress', fields, labels_by_field('ContactAddress', this_run())) }}
),

final as (
    select
        position,
        {{ to_key('district_id') }} as district_id,
        {{ to_key('contact_id') }} as contact_id,
        apartment,
        {{ to_name('complex') }} as complex,
        {{ to_name('development') }} as development,
        street_number,
        street_prefix,
        {{ to_name('street_name') }} as street_name,
        street_type,
        street_suffix,
        {{ to_name('city') }} as city,
        {{ to_code('state') }} as state,
        postal_code,
        delivery_point,
        {{ to_timestamp('changed_at') }} as changed_at,
        has_duplicate_label
    from source
)

select * from final
