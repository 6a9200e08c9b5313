with
facts as (
    {{ contact_facts() }}
),

examined as (
    select
        facts.*,
        coalesce(
            {{ name_fault('first_name_text') }},
            {{ name_fault('middle_name_text') }},
            {{ name_fault('last_name_text') }}
        ) as name_fault
    from facts
),

checked as (
    select
        {{ record_key(['contact_id']) }} as record_key,
        school_id,
        position,
        case
            when is_duplicate
                then [{{ failing('contacts__contact_id__unique', 'contact records', 'contact_id',
                    'true', 'duplicate_key') }}]
            when has_duplicate_label
                then [{{ failing('contacts__labels__unique', 'contact records', 'labels',
                    'true', 'duplicate_label') }}]
            else [
                {{ failing('contacts__last_name__required', 'guardians', 'last_name',
                    'last_name is null', 'blank') }},
                {{ failing('contacts__first_name__required', 'guardians', 'first_name',
                    'first_name is null', 'blank') }},
                {{ failing('contacts__name__characters', 'contacts', 'name',
                    'name_fault is not null', 'examined.name_fault') }},
                {{ failing('contacts__email__valid', 'contacts', 'email',
                    'email is not null and not has_valid_email', 'not_an_address') }},
                {{ failing('contacts__person__duplicated', 'guardians', 'contact_id',
                    'is_entered_twice', 'same_person') }}
            ]
        end as failures
    from examined
),

final as (
    {{ failing_records('checked') }}
)

select * from final
