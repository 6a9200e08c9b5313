with
phones as (
    select * from {{ ref('int_contact_phones_ranked') }}
),

contacts as (
    select * from {{ ref('int_contacts_keyed') }} where set_aside_reason is null
),

profiles as (
    select * from {{ ref('int_contacts_profiled') }}
),

facts as (
    select
        phones.*,
        profiles.school_id,
        contacts.contact_id is not null as has_contact
    from phones
    left join contacts on phones.contact_id = contacts.contact_id
    left join profiles on phones.contact_id = profiles.contact_id
),

checked as (
    select
        {{ record_key(['contact_id', 'phone_type']) }} as record_key,
        school_id,
        position,
        case
            when coalesce(set_aside_reason, '') = 'doubled_key'
                then [{{ failing('contact_phones__phone_type__unique', 'phone_type', 'true', 'doubled_key') }}]
            else [
                {{ failing('contact_phones__contact_id__exists', 'contact_id', 'not has_contact',
                    "case when contact_id is null then 'blank' else 'not_found' end") }},
                {{ failing('contact_phones__phone_number__required', 'phone_number', 'phone_text is null', 'blank') }},
                {{ failing('contact_phones__phone_number__valid', 'phone_number',
                    'phone_text is not null and phone_number is null', 'not_ten_digits') }}
            ]
        end as failures
    from facts
),

final as (
    {{ failing_records('checked') }}
)

select
    check_id,
    record_key,
    school_id,
    field,
    reason,
    position
from final
