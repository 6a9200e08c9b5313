-- One row per phone of a contact of the student, as received.
with
links as (
    select * from warehouse.intermediate.int_student_contacts_ranked where student_id = $student_id
),

phones as (
    select * from warehouse.intermediate.int_contact_phones_ranked
),

contacts as (
    select * from warehouse.marts.contacts
),

roles as (
    select
        contact_id,
        string_agg(distinct contact_type, '') as contact_types
    from links
    group by contact_id
),

final as (
    select
        roles.contact_types,
        concat_ws(' ', contacts.first_name, contacts.last_name) as name,
        lower(phones.phone_kind) as kind,
        phones.phone_number as dialed,
        phones.phone_text as as_received,
        phones.extension,
        phones.is_listed,
        phones.phone_priority as priority,
        phones.quarantine_reason,
        phones.contact_id
    from phones
    inner join roles on phones.contact_id = roles.contact_id
    left join contacts on phones.contact_id = contacts.contact_id
    order by
        contains(roles.contact_types, 'G') desc,
        phones.contact_id asc,
        phones.phone_rank asc nulls last
)

select * from final
