with
links as (
    select * from {{ ref('int_student_contacts_ranked') }}
    where quarantine_reason is null and contact_type in ('P', 'M')
),

addresses as (
    select * from {{ ref('int_contact_addresses_composed') }}
    where quarantine_reason is null and has_address
),

contacts as (
    select * from {{ ref('int_contacts_profiled') }}
),

found as (
    select
        links.student_id,
        links.contact_type,
        links.contact_rank,
        {
            'street_line': addresses.street_line,
            'city': addresses.city,
            'state': addresses.state,
            -- The file gets what was received where it is no zip code: a blank would erase what is there.
            'postal_code': coalesce(addresses.postal_code, addresses.postal_code_text),
            'contact_id': addresses.contact_id
        } as address,
        coalesce(contacts.home_phone, contacts.best_phone) as phone_number
    from links
    left join addresses on links.contact_id = addresses.contact_id
    left join contacts on links.contact_id = contacts.contact_id
),

by_student as (
    select
        student_id,
        arg_min(address, contact_rank) filter (where contact_type = 'P' and address.contact_id is not null) as physical,
        arg_min(address, contact_rank) filter (where contact_type = 'M' and address.contact_id is not null) as mailing,
        arg_min(phone_number, contact_rank) filter (where contact_type = 'P') as home_phone
    from found
    group by student_id
),

final as (
    select
        student_id,
        physical is not null as has_physical_address,
        physical.street_line as physical_street_line,
        physical.city as physical_city,
        physical.state as physical_state,
        physical.postal_code as physical_postal_code,
        mailing is not null as has_mailing_address,
        mailing.street_line as mailing_street_line,
        mailing.city as mailing_city,
        mailing.state as mailing_state,
        mailing.postal_code as mailing_postal_code,
        home_phone
    from by_student
)

select * from final
