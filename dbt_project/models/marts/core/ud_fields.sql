with
ud_fields as (
    select * from {{ ref('int_ud_fields_keyed') }} where quarantine_reason is null
),

final as (
    select
        student_id,
        entry_number,
        screen_number,
        field_number,
        list_sequence,
        fields,
        district_id,
        changed_at,
        position
    from ud_fields
)

select * from final
