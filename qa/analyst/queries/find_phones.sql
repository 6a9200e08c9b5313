-- One row per contact's phone that is the text's digits, or ends with them.
with
contacts as (
    select * from int_contacts_keyed
),

phones as (
    select
        contact_id,
        phone_type,
        phone_text,
        coalesce(phone_number, regexp_replace(phone_text, '\D', '', 'g')) as digits
    from int_contact_phones_ranked
    where phone_text is not null
),

final as (
    select
        'Contact' as endpoint,
        contacts.position,
        case when phones.digits = $digits then 1.0 else 0.9 end as score,
        'phone ' || phones.phone_text as matched
    from phones
    inner join contacts on phones.contact_id = contacts.contact_id
    where ends_with(phones.digits, $digits)
)

select * from final
