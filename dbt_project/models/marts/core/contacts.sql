with
contacts as (
    select * from {{ ref('int_contacts_keyed') }} where quarantine_reason is null
),

profiles as (
    select * from {{ ref('int_contacts_profiled') }}
),

duplicates as (
    select * from {{ ref('int_guardian_duplicates') }}
),

joined as (
    select
        contacts.*,
        coalesce(profiles.is_guardian, false) as is_guardian,
        coalesce(profiles.is_emergency_contact, false) as is_emergency_contact,
        coalesce(profiles.is_physical_address, false) as is_physical_address,
        coalesce(profiles.is_mailing_address, false) as is_mailing_address,
        coalesce(profiles.students, 0) as students,
        profiles.best_phone,
        profiles.home_phone,
        profiles.work_phone,
        profiles.cell_phone,
        duplicates.duplicate_group_id,
        duplicates.duplicate_group_size
    from contacts
    left join profiles on contacts.contact_id = profiles.contact_id
    left join duplicates on contacts.contact_id = duplicates.contact_id
),

final as (
    select
        contact_id,
        title,
        salutation,
        first_name,
        middle_name,
        last_name,
        generation_suffix,
        email,
        has_valid_email,
        email_preference,
        language,
        home_language,
        employer,
        education_level,
        is_for_mailing,
        is_guardian,
        is_emergency_contact,
        is_physical_address,
        is_mailing_address,
        students,
        best_phone,
        home_phone,
        work_phone,
        cell_phone,
        duplicate_group_id,
        duplicate_group_size,
        district_id,
        changed_at,
        position
    from joined
)

select * from final
