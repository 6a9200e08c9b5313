{#-
THE definition of a guardian who was entered twice. Guardians are the same person when their first and last names are
the same without accents, blanks and punctuation (O'Brien and OBrien, José and Jose), and they share an email, a phone or
an address. They are also the same when each of the two names is nearly the same (a typo), and they share a phone and
an address, unless one student has the two in different relations: Andrea and Andrew Jackson are mother and father.
For a shared phone or address the suffix must agree too, to tell a father from his son.
What guardians share is an edge from each of them to the lowest contact id that shares it; connected guardians are a
group.
-#}
{%- set nearly_the_same = 0.93 -%}
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

links as (
    select * from {{ ref('int_student_contacts_ranked') }}
    where quarantine_reason is null and contact_type = 'G'
),

guardians as (
    select
        contacts.contact_id,
        {{ to_comparable('contacts.first_name') }} as first_name,
        {{ to_comparable('contacts.last_name') }} as last_name,
        case when contacts.has_valid_email then lower(contacts.email) end as email,
        {{ to_comparable("coalesce(contacts.generation_suffix, '')") }} as suffix
    from contacts
    inner join profiles on contacts.contact_id = profiles.contact_id
    where contacts.first_name is not null and contacts.last_name is not null
),

shared_phones as (
    select
        phones.contact_id,
        phones.phone_number
    from phones
    semi join guardians on phones.contact_id = guardians.contact_id
    qualify count(*) over (partition by phones.phone_number) > 1
),

shared_addresses as (
    select
        addresses.contact_id,
        {{ to_comparable("concat_ws('|', addresses.street_line, addresses.postal_code)") }} as address
    from addresses
    semi join guardians on addresses.contact_id = guardians.contact_id
    qualify count(*) over (partition by address) > 1
),

namesakes as (
    select
        guardians.contact_id,
        guardians.email,
        guardians.suffix,
        guardians.first_name || '|' || guardians.last_name as full_name
    from guardians
    qualify count(*) over (partition by full_name) > 1
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
        namesakes.full_name || '|' || namesakes.suffix || '|phone|' || shared_phones.phone_number as shared
    from namesakes
    inner join shared_phones on namesakes.contact_id = shared_phones.contact_id
    union all
    select
        namesakes.contact_id,
        namesakes.full_name || '|' || namesakes.suffix || '|address|' || shared_addresses.address as shared
    from namesakes
    inner join shared_addresses on namesakes.contact_id = shared_addresses.contact_id
),

-- Guardians of one household, and of one line on its phone.
housemates as (
    select
        guardians.contact_id,
        guardians.first_name,
        guardians.last_name,
        shared_phones.phone_number || '|' || shared_addresses.address || '|' || guardians.suffix as household
    from guardians
    inner join shared_phones on guardians.contact_id = shared_phones.contact_id
    inner join shared_addresses on guardians.contact_id = shared_addresses.contact_id
),

couples as (
    select distinct
        one.contact_id,
        other.contact_id as neighbor_id
    from links as one
    inner join links as other on one.student_id = other.student_id and one.relation <> other.relation
),

typos as (
    select distinct
        one.contact_id,
        other.contact_id as neighbor_id
    from housemates as one
    inner join housemates as other
        on one.household = other.household and one.contact_id <> other.contact_id
    anti join couples on one.contact_id = couples.contact_id and other.contact_id = couples.neighbor_id
    where
        jaro_winkler_similarity(one.first_name, other.first_name) >= {{ nearly_the_same }}
        and jaro_winkler_similarity(one.last_name, other.last_name) >= {{ nearly_the_same }}
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
    union
    select
        contact_id,
        neighbor_id
    from typos
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
