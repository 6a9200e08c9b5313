-- One row per contact whose email contains the text.
with
contacts as (
    select * from int_contacts_keyed
),

final as (
    select
        'Contact' as endpoint,
        position,
        case
            when lower(trim(email)) = $text then 1.0
            when starts_with(lower(email), $text) then 0.8
            else 0.7
        end as score,
        'email ' || email as matched
    from contacts
    where contains(lower(email), $text)
)

select * from final
