with
facts as (
    {{ contact_facts() }}
),

counted as (
    select
        facts.*,
        coalesce(
            {{ name_fault('first_name_text') }},
            {{ name_fault('middle_name_text') }},
            {{ name_fault('last_name_text') }}
        ) as name_fault,
        count(*) over (
            partition by lower(first_name), lower(last_name), lower(email), is_duplicate, is_guardian
        ) as same_person
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
            else [
                {{ failing('contacts__last_name__required', 'guardians', 'last_name',
                    'last_name is null', 'blank') }},
                {{ failing('contacts__first_name__required', 'guardians', 'first_name',
                    'first_name is null', 'blank') }},
                {{ failing('contacts__name__characters', 'contacts', 'name',
                    'name_fault is not null', 'counted.name_fault') }},
                {{ failing('contacts__email__valid', 'contacts', 'email',
                    'email is not null and not has_valid_email', 'not_an_address') }},
                {{ failing('contacts__person__duplicated', 'guardians', 'contact_id',
                    'first_name is not null and last_name is not null and email is not null and same_person > 1',
                    'same_name_and_email') }}
            ]
        end as failures
    from counted
),

final as (
    {{ failing_records('checked') }}
)

select * from final
