-- One row per link of the student to a contact: who is called first comes first, then addresses.
with
links as (
    select * from warehouse.intermediate.int_student_contacts_ranked where student_id = $student_id
),

contacts as (
    select * from warehouse.intermediate.int_contacts_keyed
),

addresses as (
    select * from warehouse.intermediate.int_contact_addresses_composed
),

phones as (
    select * from warehouse.intermediate.int_contact_phones_ranked
),

imported as (
    select * from warehouse.marts.import_guardians where student_id = $student_id
),

rejects as (
    select * from warehouse.marts.import_rejects where import = 'guardians' and student_id = $student_id
),

carried as (
    select * from warehouse.marts.import_carried where import = 'guardians' and student_id = $student_id
),

phones_of as (
    select
        phones.contact_id,
        string_agg(
            lower(phones.phone_kind) || ' ' || coalesce(phones.phone_number, phones.phone_text),
            ', '
            order by phones.phone_rank asc
        ) as phones
    from phones
    semi join links on phones.contact_id = links.contact_id
    where phones.phone_text is not null
    group by phones.contact_id
),

addresses_of as (
    select
        contact_id,
        any_value(concat_ws(', ', street_line, city, state, postal_code_text)) as address
    from addresses
    semi join links on addresses.contact_id = links.contact_id
    where quarantine_reason is null
    group by contact_id
),

named as (
    select contacts.*
    from contacts
    semi join links on contacts.contact_id = links.contact_id
    qualify
        row_number() over (
            partition by contacts.contact_id
            order by contacts.quarantine_reason is null desc, contacts.position asc
        ) = 1
),

-- A guardian whose link is no longer received may still be sent as last published.
listed as (
    select
        contact_id,
        contact_type,
        contact_rank,
        contact_priority,
        relation,
        is_living_with,
        is_legal_guardian,
        position,
        quarantine_reason
    from links
    union all by name
    select
        carried.contact_id,
        'G' as contact_type
    from carried
    anti join links on carried.contact_id = links.contact_id and links.contact_type = 'G'
),

refused as (
    select
        position,
        any_value(reason) as reason
    from rejects
    group by position
),

kept as (
    select
        contact_id,
        any_value(kept_as) as kept_as,
        any_value(relation) as relation,
        any_value(concat_ws(' ', first_name, middle_name, last_name)) as name,
        count(*) > 0 as is_imported
    from imported
    group by contact_id
),

final as (
    select
        listed.contact_type,
        listed.contact_priority as priority,
        coalesce(listed.relation, kept.relation) as relation,
        coalesce(
            nullif(
                concat_ws(
                    ' ', named.title, named.first_name, named.middle_name, named.last_name, named.generation_suffix
                ),
                ''
            ),
            kept.name
        ) as name,
        phones_of.phones,
        named.email,
        addresses_of.address,
        listed.is_living_with as lives_with,
        listed.is_legal_guardian as legal_guardian,
        kept.kept_as,
        coalesce(kept.is_imported, false) as is_imported,
        coalesce(listed.quarantine_reason, refused.reason) as reason,
        listed.contact_id
    from listed
    left join named on listed.contact_id = named.contact_id
    left join phones_of on listed.contact_id = phones_of.contact_id
    left join addresses_of on listed.contact_id = addresses_of.contact_id
    left join kept on listed.contact_type = 'G' and listed.contact_id = kept.contact_id
    left join refused on listed.position = refused.position
    order by
        list_position(['G', 'C', 'O', 'P', 'M'], listed.contact_type) asc nulls last,
        listed.contact_rank asc nulls last,
        listed.contact_id asc
)

select * from final
