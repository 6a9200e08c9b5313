with
phones as (
    select * from {{ ref('int_contact_phones_ranked') }} where quarantine_reason is null
),

final as (
    select
        contact_id,
        phone_type,
        phone_kind,
        phone_rank,
        phone_number,
        extension,
        phone_text,
        is_listed,
        phone_priority,
        district_id,
        changed_at,
        position
    from phones
)

select * from final
