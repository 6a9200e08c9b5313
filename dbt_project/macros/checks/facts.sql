{#-
The rows that checks look at. A checks_* model takes its failures from them and check_populations its totals, so
that failed and total of a check are counted from the same rows.
-#}

{% macro school_facts() %}
    select
        *,
        coalesce(quarantine_reason, '') = 'duplicate_key' as is_duplicate
    from {{ ref('int_schools_keyed') }}
{% endmacro %}

{#-
The guardians of the students, and whether the import has them: not a contact who was not received, nor one who was
set to 99 if the student has the same person under another id.
-#}
{% macro guardian_links() %}
    select
        links.student_id,
        links.contact_id,
        contacts.contact_id is not null
        and not coalesce(
            links.contact_priority = 99
            and row_number() over (
                partition by
                    links.student_id,
                    coalesce(duplicates.duplicate_group_id, links.contact_id),
                    contacts.contact_id is not null
                order by links.contact_rank asc
            ) > 1,
            false
        ) as is_exported
    from {{ ref('int_student_contacts_ranked') }} as links
    left join {{ ref('int_contacts_keyed') }} as contacts
        on links.contact_id = contacts.contact_id and contacts.quarantine_reason is null
    left join {{ ref('int_guardian_duplicates') }} as duplicates on links.contact_id = duplicates.contact_id
    where links.quarantine_reason is null and links.contact_type = 'G'
{% endmacro %}

{% macro student_facts() %}
    select
        students.* replace ({{ record_key(['students.student_id'], 'students.position') }} as student_id),
        students.student_id is null as has_blank_id,
        coalesce(students.quarantine_reason, '') = 'duplicate_key' as is_duplicate,
        coalesce(students.enrollment_status in ('ENROLLED', 'PRE_ENROLLED'), false) as is_enrolled,
        schools.school_id is not null as has_school,
        addresses.student_id is not null as has_address,
        guardians.student_id is not null as has_guardian,
        coalesce(guardians.has_phone, false) as has_guardian_phone
    from {{ ref('int_students_keyed') }} as students
    left join {{ ref('int_schools_keyed') }} as schools
        on students.school_id = schools.school_id and schools.quarantine_reason is null
    left join {{ ref('int_student_addresses') }} as addresses
        on students.student_id = addresses.student_id and addresses.has_physical_address
    left join (
        select
            links.student_id,
            bool_or(
                links.is_exported
                and coalesce(contacts.cell_phone, contacts.home_phone, contacts.work_phone) is not null
            ) as has_phone
        from ({{ guardian_links() }}) as links
        left join {{ ref('int_contacts_profiled') }} as contacts on links.contact_id = contacts.contact_id
        group by links.student_id
    ) as guardians on students.student_id = guardians.student_id
{% endmacro %}

{% macro contact_facts() %}
    select
        contacts.*,
        profiles.school_id,
        coalesce(contacts.quarantine_reason, '') = 'duplicate_key' as is_duplicate,
        coalesce(profiles.is_guardian, false) as is_guardian,
        duplicates.contact_id is not null as is_entered_twice
    from {{ ref('int_contacts_keyed') }} as contacts
    left join {{ ref('int_contacts_profiled') }} as profiles on contacts.contact_id = profiles.contact_id
    left join {{ ref('int_guardian_duplicates') }} as duplicates on contacts.contact_id = duplicates.contact_id
{% endmacro %}

{% macro link_facts() %}
    select
        links.*,
        coalesce(links.is_legal_guardian or links.is_custodial_guardian or links.is_living_with, false) as has_rights,
        bool_or(coalesce(links.is_legal_guardian, links.is_custodial_guardian, links.is_living_with) is not null) over ()
            as has_any_rights_sent,
        students.school_id,
        coalesce(links.quarantine_reason, '') = 'duplicate_key' as is_duplicate,
        students.student_id is not null as has_student,
        contacts.contact_id is not null as has_contact
    from {{ ref('int_student_contacts_ranked') }} as links
    left join {{ ref('int_students_keyed') }} as students
        on links.student_id = students.student_id and students.quarantine_reason is null
    left join {{ ref('int_contacts_keyed') }} as contacts
        on links.contact_id = contacts.contact_id and contacts.quarantine_reason is null
{% endmacro %}

{% macro address_facts() %}
    select
        addresses.*,
        profiles.school_id,
        coalesce(addresses.quarantine_reason, '') = 'duplicate_key' as is_duplicate,
        contacts.contact_id is not null as has_contact,
        coalesce(profiles.is_guardian or profiles.is_physical_address or profiles.is_mailing_address, false)
            as is_of_student_or_guardian
    from {{ ref('int_contact_addresses_composed') }} as addresses
    left join {{ ref('int_contacts_keyed') }} as contacts
        on addresses.contact_id = contacts.contact_id and contacts.quarantine_reason is null
    left join {{ ref('int_contacts_profiled') }} as profiles on addresses.contact_id = profiles.contact_id
{% endmacro %}

{% macro phone_facts() %}
    select
        phones.*,
        profiles.school_id,
        coalesce(phones.quarantine_reason, '') = 'duplicate_key' as is_duplicate,
        contacts.contact_id is not null as has_contact
    from {{ ref('int_contact_phones_ranked') }} as phones
    left join {{ ref('int_contacts_keyed') }} as contacts
        on phones.contact_id = contacts.contact_id and contacts.quarantine_reason is null
    left join {{ ref('int_contacts_profiled') }} as profiles on phones.contact_id = profiles.contact_id
{% endmacro %}

{% macro ud_field_facts() %}
    select
        ud_fields.*,
        coalesce(ud_fields.quarantine_reason, '') = 'duplicate_key' as is_duplicate,
        students.student_id is not null as has_student
    from {{ ref('int_ud_fields_keyed') }} as ud_fields
    left join {{ ref('int_students_keyed') }} as students
        on ud_fields.student_id = students.student_id and students.quarantine_reason is null
{% endmacro %}

{#-
The endpoints: how the pull of each ended, and its rows in the last published run (from its pulls or, when these
are gone, from its marts).
-#}
{% macro pull_facts() %}
    select
        endpoints.endpoint,
        tonight.state,
        tonight.outcome,
        tonight.rows,
        tonight.replaced_characters,
        coalesce(tonight.is_received, false) as is_received,
        before.rows as rows_before
    from (select unnest({{ endpoints().keys() | list }}) as endpoint) as endpoints
    left join {{ ref('stg_plus360__pulls') }} as tonight
        on endpoints.endpoint = tonight.endpoint and tonight.is_this_run
    left join (
        select
            compared.endpoint,
            coalesce(pulls.rows, try_cast(published.counts ->> compared.mart as bigint)) as rows
        from (
            select
                max_by(nights.run_id, nights.run_id) as run_id,
                max_by(nights.counts, nights.run_id) as counts
            from {{ ref('stg_history__nights') }} as nights
            where
                nights.verdict = 'published'
                and nights.run_id < (
                    select max(latest.run_id) from {{ ref('stg_plus360__pulls') }} as latest where latest.is_this_run
                )
        ) as published
        cross join (
            values
            ('Student', 'students'),
            ('Contact', 'contacts'),
            ('StudentContact', 'student_contacts'),
            ('ContactAddress', 'contact_addresses'),
            ('ContactPhone', 'contact_phones'),
            ('UDRegUser', 'ud_fields')
        ) as compared (endpoint, mart)
        left join {{ ref('stg_plus360__pulls') }} as pulls
            on compared.endpoint = pulls.endpoint and published.run_id = pulls.run_id
    ) as before on endpoints.endpoint = before.endpoint
{% endmacro %}

{#-
The fields of the endpoints that sent records: each label received, and each mapped field that was never sent,
with what is wrong. Labels of UDRegUser are the district's own.
-#}
{% macro label_facts() %}
    select
        endpoint,
        label as name,
        case when field is null then 'label_unmapped' end as reason
    from {{ ref('stg_plus360__labels') }}
    where endpoint <> 'UDRegUser' or field is not null
    union all
    select distinct
        expected.endpoint,
        expected.field as name,
        'label_never_sent' as reason
    from {{ ref('field_labels') }} as expected
    anti join {{ ref('stg_plus360__labels') }} as labels
        on expected.endpoint = labels.endpoint and expected.field = labels.field
    where
        not expected.is_optional
        and expected.endpoint in (select sending.endpoint from {{ ref('stg_plus360__labels') }} as sending)
{% endmacro %}
