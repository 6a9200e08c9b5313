with
ud_fields as (
    select * from {{ ref('ud_fields') }}
),

labelled as (
    select
        student_id,
        entry_number,
        fields,
        unnest(list_distinct(json_keys(fields))) as label
    from ud_fields
),

final as (
    select
        student_id,
        entry_number,
        label,
        -- The path is a JSON pointer: a label may hold any character.
        {{ blank_to_null("json_extract_string(fields, '/' || replace(replace(label, '~', '~0'), '/', '~1'))") }}
            as value
    from labelled
)

select * from final
