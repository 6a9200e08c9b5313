{#- No check looks at a second record of one contact: the API's key is the contact. -#}
with
facts as (
    {{ address_facts() }}
),

checked as (
    select
        {{ record_key(['contact_id']) }} as record_key,
        school_id,
        position,
        [
            {{ failing('contact_addresses__labels__unique', 'addresses', 'labels',
                'has_duplicate_label', 'duplicate_label') }},
            {{ failing('contact_addresses__contact_id__exists', 'addresses', 'contact_id', 'not has_contact',
                "case when contact_id is null then 'blank' else 'not_found' end") }},
            {{ failing('contact_addresses__street__required', 'addresses of students and guardians', 'street_name',
                'street_name is null', 'blank') }},
            {{ failing('contact_addresses__city__required', 'addresses', 'city', 'city is null', 'blank') }},
            {{ failing('contact_addresses__state__accepted', 'addresses', 'state', 'not has_known_state',
                "case when state is null then 'blank' else 'not_in_list' end") }},
            {{ failing('contact_addresses__postal_code__valid', 'addresses', 'postal_code', 'postal_code is null',
                "case when postal_code_text is null then 'blank' else 'not_five_or_nine_digits' end") }}
        ] as failures
    from facts
),

final as (
    {{ failing_records('checked') }}
)

select * from final
