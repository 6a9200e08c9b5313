with
contacts as (
    select * from {{ ref('int_contacts_keyed') }}
),

profiles as (
    select * from {{ ref('int_contacts_profiled') }}
),

facts as (
    select
        contacts.position,
        {{ record_key(['contacts.contact_id'], 'contacts.position') }} as record_key,
        profiles.school_id,
        contacts.first_name,
        contacts.last_name,
        contacts.email,
        contacts.has_valid_email,
        contacts.contact_id is null as has_blank_id,
        coalesce(contacts.set_aside_reason, '') = 'doubled_key' as is_double,
        coalesce(profiles.is_guardian, false) as is_guardian
    from contacts
    left join profiles on contacts.contact_id = profiles.contact_id
),

counted as (
    select
        facts.*,
        count(*) over (
            partition by lower(first_name), lower(last_name), lower(email), is_double, is_guardian
        ) as same_person
    from facts
),

checked as (
    select
        record_key,
        school_id,
        position,
        case
            when is_double
                then [{{ failing('contacts__contact_id__unique', 'contact_id', 'true', 'doubled_key') }}]
            else [
                {{ failing('contacts__last_name__required', 'last_name',
                    'is_guardian and last_name is null', 'blank') }},
                {{ failing('contacts__first_name__required', 'first_name',
                    'is_guardian and first_name is null', 'blank') }},
                {{ failing('contacts__email__valid', 'email',
                    'email is not null and not has_valid_email', 'not_an_address') }},
                {{ failing('contacts__person__duplicated', 'contact_id',
                    'is_guardian and first_name is not null and last_name is not null and email is not null
                    and same_person > 1',
                    'same_name_and_email') }}
            ]
        end as failures
    from counted
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
