{%- set fields = [
    'district_id', 'student_id', 'screen_number', 'field_number', 'list_sequence', 'changed_at'
] -%}
{%- set labels = labels_by_field('UDRegUser', this_run()) -%}

with
source as (
    {{ raw_fields('UDRegUser', fields, labels, is_district_defined=true) }}
),

payloads as (
    select
        raw.position,
        raw.payload
    from {{ source('plus360', 'UDRegUser') }} as raw
    where raw.run_id = {{ this_run() }}
),

final as (
    select
        source.position,
        {{ to_key('source.district_id') }} as district_id,
        {{ to_key('source.student_id') }} as student_id,
        {{ to_key('source.screen_number') }} as screen_number,
        {{ to_key('source.field_number') }} as field_number,
        {{ to_key('source.list_sequence') }} as list_sequence,
        -- Without the labels of the key, the fields that the district defined are left.
        {{ without_labels('payloads.payload', labels) }} as fields,
        {{ to_timestamp('source.changed_at') }} as changed_at,
        source.has_duplicate_label
    from source
    inner join payloads on source.position = payloads.position
)

select * from final
