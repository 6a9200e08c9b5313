with
facts as (
    {{ phone_facts() }}
),

checked as (
    select
        {{ record_key(['contact_id', 'phone_type']) }} as record_key,
        school_id,
        position,
        case
            when is_duplicate
                then [{{ failing('contact_phones__phone_type__unique', 'phone records', 'phone_type',
                    'true', 'duplicate_key') }}]
            when has_duplicate_label
                then [{{ failing('contact_phones__labels__unique', 'phone records', 'labels',
                    'true', 'duplicate_label') }}]
            else [
                {{ failing('contact_phones__contact_id__exists', 'phones', 'contact_id', 'not has_contact',
                    "case when contact_id is null then 'blank' else 'not_found' end") }},
                {{ failing('contact_phones__phone_type__accepted', 'phones', 'phone_type',
                    'phone_type is not null and not has_known_type', 'not_in_list') }},
                {{ failing('contact_phones__phone_number__required', 'phones', 'phone_number',
                    'phone_text is null', 'blank') }},
                {{ failing('contact_phones__phone_number__valid', 'phones', 'phone_number',
                    'phone_text is not null and phone_number is null',
                    "case
                        when regexp_full_match(" ~ phone_without_signs('phone_text') ~ ", '1?[0-9]{10}')
                            then 'no_such_area_code'
                        else 'not_ten_digits'
                    end") }}
            ]
        end as failures
    from facts
),

final as (
    {{ failing_records('checked') }}
)

select * from final
