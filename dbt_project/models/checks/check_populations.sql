with
pulls as (
    {{ pull_facts() }}
),

labels as (
    {{ label_facts() }}
),

schools as (
    {{ school_facts() }}
),

students as (
    {{ student_facts() }}
),

contacts as (
    {{ contact_facts() }}
),

links as (
    {{ link_facts() }}
),

addresses as (
    {{ address_facts() }}
),

phones as (
    {{ phone_facts() }}
),

ud_fields as (
    {{ ud_field_facts() }}
),

files as (
    select unnest(['students.csv', 'guardians.csv']) as file
),

-- The rows of the file that load__refused__plausible counts, or of students.csv if no file fails.
file_rows as (
    select unnest(range(coalesce(
        (
            select arg_max(failing.records, failing.field) from {{ ref('checks_load') }} as failing
            where failing.check_id = 'load__refused__plausible'
        ),
        (select count(*) from students where not students.is_duplicate)
    ))) as row_number
),

final as (
    {% for population, (rows, condition) in populations().items() -%}
    select
        '{{ population }}' as population,
        count(*) as records
    from {{ rows }}
    where {{ condition }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select * from final
