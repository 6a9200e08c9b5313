-- One row per address of a contact of the student.
with
links as (
    select * from warehouse.intermediate.int_student_contacts_ranked where student_id = $student_id
),

addresses as (
    select * from warehouse.intermediate.int_contact_addresses_composed
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
        addresses.street_line,
        addresses.city,
        addresses.state,
        addresses.postal_code_text as postal_code,
        addresses.quarantine_reason,
        addresses.contact_id
    from addresses
    inner join roles on addresses.contact_id = roles.contact_id
    left join contacts on addresses.contact_id = contacts.contact_id
    order by
        contains(roles.contact_types, 'P') desc,
        contains(roles.contact_types, 'M') desc,
        addresses.contact_id asc
)

select * from final
