{%- set fields = [
    'district_id', 'contact_id', 'phone_type', 'phone_listing', 'phone_number', 'phone_extension',
    'phone_priority', 'changed_at'
] -%}

with
source as (
    {{ raw_fields('ContactPhone', fields, labels_by_field('ContactPhone', this_run())) }}
),

final as (
    select
        position,
        {{ to_key('district_id') }} as district_id,
        {{ to_key('contact_id') }} as contact_id,
        {{ to_code('phone_type') }} as phone_type,
        {{ to_flag('phone_listing') }} as is_listed,
        phone_number,
        phone_extension,
        {{ to_integer('phone_priority') }} as phone_priority,
        {{ to_timestamp('changed_at') }} as changed_at,
        has_duplicate_label
    from source
)

select * from final
