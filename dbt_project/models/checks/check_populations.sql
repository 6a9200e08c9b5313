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
    select distinct file from {{ ref('load_totals') }}
),

load as (
    select * from {{ ref('checks_load') }}
),

load_totals as (
    select * from {{ ref('load_totals') }}
),

final as (
    {% for population, (rows, condition) in populations().items() -%}
    select
        '{{ population }}' as population,
        count(*) as records
    from {{ rows }}
    where {{ condition }}
    union all
    {% endfor -%}
    {% for population, (rule, condition) in load_populations().items() -%}
    select
        '{{ population }}' as population,
        coalesce(
            (select arg_max(load.of, (load.n / load.of, load.field)) from load where load.check_id = '{{ rule }}'),
            (select cast(sum(load_totals.records) as bigint) from load_totals where {{ condition }}),
            0
        ) as records
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select * from final
