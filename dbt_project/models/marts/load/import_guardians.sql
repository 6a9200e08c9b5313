{#- The file is in this order, so that a diff tool can compare two nightly runs: the setting keeps it. -#}
{{ config(
    pre_hook="set preserve_insertion_order = true",
    post_hook="set preserve_insertion_order = false"
) }}

{#- The layout of guardians.csv: the names and the order of the columns are the import's own. -#}
with
links as (
    select * from {{ ref('student_contacts') }} where contact_type = 'G'
),

rejects as (
    select * from {{ ref('import_rejects') }} where import = 'guardians'
),

contacts as (
    select * from {{ ref('contacts') }}
),

addresses as (
    select * from {{ ref('contact_addresses') }}
),

accepted as (
    select
        links.student_id,
        links.contact_id,
        links.relation,
        links.contact_rank,
        links.is_living_with,
        links.is_legal_guardian,
        contacts.first_name,
        contacts.middle_name,
        contacts.last_name,
        contacts.home_phone,
        contacts.work_phone,
        contacts.cell_phone,
        contacts.email,
        contacts.has_valid_email,
        addresses.street_line,
        addresses.city,
        addresses.state,
        addresses.postal_code
    from links
    anti join rejects on links.position = rejects.position
    inner join contacts on links.contact_id = contacts.contact_id
    left join addresses on links.contact_id = addresses.contact_id
),

final as (
    select
        student_id as "Student Id",
        contact_id as "Guardian Id",
        relation as "Relationship",
        first_name as "First Name",
        middle_name as "Middle Name",
        last_name as "Last Name",
        street_line as "Address",
        city as "City",
        state as "State",
        postal_code as "Zip",
        home_phone as "Home Phone",
        work_phone as "Work Phone",
        cell_phone as "Cell Phone",
        case when has_valid_email then email end as "Email",
        contact_rank as "Priority",
        case is_living_with when true then 'Y' when false then 'N' end as "Lives With",
        case is_legal_guardian when true then 'Y' when false then 'N' end as "Legal Guardian"
    from accepted
    order by "Student Id" asc, "Guardian Id" asc
)

select * from final
