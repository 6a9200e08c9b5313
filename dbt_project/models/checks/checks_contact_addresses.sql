with
addresses as (
    select * from {{ ref('int_contact_addresses_composed') }}
    -- No check holds on a second record of one contact: the API's key is the contact.
    where coalesce(set_aside_reason, '') <> 'doubled_key'
),

contacts as (
    select * from {{ ref('int_contacts_keyed') }} where set_aside_reason is null
),

profiles as (
    select * from {{ ref('int_contacts_profiled') }}
),

facts as (
    select
        addresses.*,
        profiles.school_id,
        contacts.contact_id is not null as has_contact,
        coalesce(profiles.is_guardian or profiles.is_physical_address or profiles.is_mailing_address, false)
            as is_of_student_or_guardian
    from addresses
    left join contacts on addresses.contact_id = contacts.contact_id
    left join profiles on addresses.contact_id = profiles.contact_id
),

checked as (
    select
        {{ record_key(['contact_id']) }} as record_key,
        school_id,
        position,
        [
            {{ failing('contact_addresses__contact_id__exists', 'contact_id', 'not has_contact',
                "case when contact_id is null then 'blank' else 'not_found' end") }},
            {{ failing('contact_addresses__street__required', 'street_name',
                'is_of_student_or_guardian and street_name is null', 'blank') }},
            {{ failing('contact_addresses__city__required', 'city', 'city is null', 'blank') }},
            {{ failing('contact_addresses__state__accepted', 'state', 'not has_known_state',
                "case when state is null then 'blank' else 'not_in_list' end") }},
            {{ failing('contact_addresses__postal_code__valid', 'postal_code', 'postal_code is null',
                "case when postal_code_text is null then 'blank' else 'not_five_or_nine_digits' end") }}
        ] as failures
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
