{#- What is compared is known only at run time; this names the parents for dbt's graph. -#}
{%- do ref('field_labels') -%}
{%- for entity in endpoints().values() -%}{%- do ref(entity.mart) -%}{%- endfor -%}
{%- set compared = compared_endpoints() -%}

with
changes as (
    select * from {{ ref('changes') }}
),

nights as (
    {% for endpoint in compared -%}
    select
        '{{ endpoints()[endpoint].mart }}' as entity,
        (
            select count(*) from (
                {{ records_by_key(
                    endpoint, [], labels_by_field(endpoint, last_published_run()), last_published_run()
                ) }}
            )
        ) as before,
        (select count(*) from {{ ref(endpoints()[endpoint].mart) }}) as now
    union all
    {% endfor -%}
    select
        cast(null as varchar) as entity,
        cast(null as bigint) as before,
        cast(null as bigint) as now
    where false
),

final as (
    select
        nights.entity,
        nights.before,
        count(*) filter (where changes.change = 'added') as added,
        count(*) filter (where changes.change = 'removed') as removed,
        count(*) filter (where changes.change = 'changed') as changed,
        nights.now
    from nights
    left join changes on nights.entity = changes.entity
    group by nights.entity, nights.before, nights.now
)

select * from final
