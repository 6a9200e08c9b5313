{#- The file is in this order, so that a diff tool can compare two nightly runs: the setting keeps it. -#}
{{ config(
    pre_hook="set preserve_insertion_order = true",
    post_hook="set preserve_insertion_order = false"
) }}

with
links as (
    select * from {{ ref('student_contacts') }} where contact_type = 'G'
),

rejects as (
    select * from {{ ref('import_rejects') }} where import = 'guardians'
),

carried as (
    select * from {{ ref('import_carried') }} where import = 'guardians'
),

published as (
    select * from {{ ref('int_guardians_published') }}
),

students as (
    select * from {{ ref('import_students') }}
),

contacts as (
    select * from {{ ref('contacts') }}
),

addresses as (
    select * from {{ ref('contact_addresses') }}
),

layouts as (
    select * from {{ ref('import_layouts') }} where layout = '{{ var("layout") }}'
),

accepted as (
    select links.*
    from links
    anti join rejects on links.position = rejects.position
    -- A layout without guardians.csv sends none.
    where exists (select 1 from layouts where layouts.file = 'guardians.csv')
),

received as (
    select
        links.student_id,
        {{ to_file_text('links.contact_id') }} as contact_id,
        {{ to_file_text('links.relation') }} as relation,
        contacts.first_name,
        contacts.middle_name,
        contacts.last_name,
        {{ to_file_text('addresses.street_line') }} as street_line,
        {{ to_file_text('addresses.city') }} as city,
        {{ to_file_text('addresses.state') }} as state,
        {{ to_file_text('coalesce(addresses.postal_code, addresses.postal_code_text)') }} as postal_code,
        {{ to_file_text('contacts.home_phone') }} as home_phone,
        {{ to_file_text('contacts.work_phone') }} as work_phone,
        {{ to_file_text('contacts.cell_phone') }} as cell_phone,
        {{ to_file_text('contacts.email') }} as email,
        cast(links.contact_rank as varchar) as priority,
        case links.is_living_with when true then 'Y' when false then 'N' end as lives_with,
        case links.is_legal_guardian when true then 'Y' when false then 'N' end as legal_guardian,
        cast(null as varchar) as kept_as
    from accepted as links
    inner join contacts on links.contact_id = contacts.contact_id
    left join addresses on links.contact_id = addresses.contact_id
),

kept as (
    select published.* exclude (school_id) replace (carried.kept_as as kept_as)
    from published
    inner join carried on published.student_id = carried.student_id and published.contact_id = carried.contact_id
),

rows_of_the_file as (
    select * from received
    union all by name
    select * from kept
),

final as (
    select
        rows_of_the_file.student_id,
        rows_of_the_file.contact_id,
        rows_of_the_file.relation,
        rows_of_the_file.first_name,
        rows_of_the_file.middle_name,
        rows_of_the_file.last_name,
        rows_of_the_file.street_line,
        rows_of_the_file.city,
        rows_of_the_file.state,
        rows_of_the_file.postal_code,
        rows_of_the_file.home_phone,
        rows_of_the_file.work_phone,
        rows_of_the_file.cell_phone,
        rows_of_the_file.email,
        rows_of_the_file.priority,
        rows_of_the_file.lives_with,
        rows_of_the_file.legal_guardian,
        students.school_id,
        rows_of_the_file.kept_as
    from rows_of_the_file
    left join students on rows_of_the_file.student_id = students.student_id
    order by rows_of_the_file.student_id asc, rows_of_the_file.contact_id asc
)

select * from final
