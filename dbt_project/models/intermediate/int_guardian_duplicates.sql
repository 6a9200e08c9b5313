{#-
Guardians are the same person when they share first and last name, and an email, a phone or an address. What two
guardians share is an edge from each of them to the lowest contact id that shares it; connected guardians are a group.
For a shared phone or address the suffix must agree too, to tell a father from his son.
-#}
{#- What is known of each contact so far: DuckDB's own name, no table. -#}
{%- set known_so_far = 'recurring.reached' -%}

with recursive
contacts as (
    select * from {{ ref('int_contacts_keyed') }} where quarantine_reason is null
),

profiles as (
    select * from {{ ref('int_contacts_profiled') }} where is_guardian
),

phones as (
    select * from {{ ref('int_contact_phones_ranked') }}
    where quarantine_reason is null and phone_number is not null
),

addresses as (
    select * from {{ ref('int_contact_addresses_composed') }}
    where quarantine_reason is null and street_line is not null
),

guardians as (
    select
        contacts.contact_id,
        lower(contacts.first_name) || '|' || lower(contacts.last_name) as full_name,
        lower(contacts.email) as email,
        {{ to_comparable("coalesce(contacts.generation_suffix, '')") }} as suffix
    from contacts
    inner join profiles on contacts.contact_id = profiles.contact_id
    where contacts.first_name is not null and contacts.last_name is not null
),

namesakes as (
    select guardians.*
    from guardians
    qualify count(*) over (partition by guardians.full_name) > 1
),

evidence as (
    select
        contact_id,
        full_name || '|email|' || email as shared
    from namesakes
    where email is not null
    union all
    select
        namesakes.contact_id,
        namesakes.full_name || '|' || namesakes.suffix || '|phone|' || phones.phone_number as shared
    from namesakes
    inner join phones on namesakes.contact_id = phones.contact_id
    union all
    select
        namesakes.contact_id,
        namesakes.full_name || '|' || namesakes.suffix || '|address|'
        || {{ to_comparable("concat_ws('|', addresses.street_line, addresses.postal_code)") }} as shared
    from namesakes
    inner join addresses on namesakes.contact_id = addresses.contact_id
),

hubs as (
    select
        contact_id,
        min(contact_id) over (partition by shared) as hub_id
    from evidence
),

edges as (
    select
        contact_id,
        hub_id as neighbor_id
    from hubs
    where contact_id <> hub_id
    union
    select
        hub_id as contact_id,
        contact_id as neighbor_id
    from hubs
    where contact_id <> hub_id
),

reached (contact_id, group_id) using key (contact_id) as (
    select
        contact_id,
        contact_id as group_id
    from edges
    group by contact_id
    union
    select
        edges.contact_id,
        min(reached.group_id) as group_id
    from reached
    inner join edges on reached.contact_id = edges.neighbor_id
    inner join {{ known_so_far }} as known on edges.contact_id = known.contact_id
    where reached.group_id < known.group_id
    group by edges.contact_id
),

final as (
    select
        contact_id,
        group_id as duplicate_group_id,
        count(*) over (partition by group_id) as duplicate_group_size
    from reached
)

select * from final
