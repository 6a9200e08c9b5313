{#-
From raw history, without state of its own: each endpoint's records of this run compared with those of the last
published run. Only what was received in both is compared, field by field: another spelling of a label, or another
date of change, is not a change.
-#}
{#- What is compared is known only at run time; this names the parents for dbt's graph. -#}
{%- do ref('field_labels') -%}
{%- for endpoint in endpoints() -%}{%- do source('plus360', endpoint) -%}{%- endfor -%}
{%- set compared = compared_endpoints() -%}
{%- set runs = {'before': last_published_run(), 'now': this_run()} -%}

with
{% for endpoint in compared -%}
    {%- set entity = endpoints()[endpoint] -%}
    {%- set labels = {} -%}
    {%- for night, run in runs.items() -%}
        {%- do labels.update({night: compared_labels(endpoint, run)}) -%}
    {%- endfor -%}
    {%- set ignored = entity.key + ['changed_at'] -%}
    {%- set fields = (labels.before.keys() | list + labels.now.keys() | list) | unique | reject('in', ignored) | sort | list -%}
    {% for night, run in runs.items() -%}
{{ entity.mart }}_{{ night }} as (
    {{ records_by_key(endpoint, fields, labels[night], run) }}
),

    {% endfor -%}
{{ entity.mart }}_changes as (
    select
        '{{ entity.mart }}' as entity,
        coalesce(now.record_key, before.record_key) as record_key,
        case
            when before.record_key is null then 'added'
            when now.record_key is null then 'removed'
            else 'changed'
        end as change,
        case
            when before.record_key is not null and now.record_key is not null
                then list_filter(
                    {{ sql_literals(fields) }},
                    lambda field, nth: before.texts[nth] is distinct from now.texts[nth]
                )
        end as columns
    from {{ entity.mart }}_before as before
    full outer join {{ entity.mart }}_now as now on before.record_key = now.record_key
    where before.texts is distinct from now.texts
),

{% endfor -%}
final as (
    {% for endpoint in compared -%}
    select * from {{ endpoints()[endpoint].mart }}_changes
    union all
    {% endfor -%}
    select
        cast(null as varchar) as entity,
        cast(null as varchar) as record_key,
        cast(null as varchar) as change,
        cast(null as varchar[]) as columns
    where false
)

select * from final
