with
phones as (
    select * from {{ ref('stg_plus360__contact_phones') }}
),

codes as (
    select * from {{ ref('int_codes') }}
),

normalized as (
    select
        phones.* replace (nullif({{ to_phone_number('phones.phone_number') }}, '') as phone_number),
        phones.phone_number as phone_text,
        coalesce(phones.phone_extension, {{ phone_extension_in('phones.phone_number') }})
            as extension,
        -- A district's settings may say "cell".
        coalesce(upper(kinds.value), 'OTHER') as phone_kind,
        kinds.code is not null as has_known_type,
        {{ quarantine_reason(['contact_id', 'phone_type']) }} as quarantine_reason
    from phones
    left join codes as kinds on kinds.code_set = 'phone_type' and phones.phone_type = kinds.code
),

final as (
    select
        normalized.*,
        -- The best phone of a contact: one that can be dialed, then listing, priority and type.
        case
            when quarantine_reason is null
                then row_number() over (
                    partition by contact_id, quarantine_reason is null
                    order by
                        phone_number is null asc,
                        is_listed desc nulls last,
                        phone_priority asc nulls last,
                        list_position(['CELL', 'HOME', 'WORK', 'OTHER'], phone_kind) asc nulls last,
                        position asc
                )
        end as phone_rank
    from normalized
)

select * from final
