{#- Every raw record of this run is in its mart or set aside, and in one of the two only. -#}
{{ config(severity='error', tags=['integrity']) }}

with
counts as (
    {% for endpoint, entity in endpoints().items() -%}
    select
        '{{ endpoint }}' as endpoint,
        (
            select count(*) from {{ source('plus360', endpoint) }} as raw
            where raw.run_id = {{ this_run() }}
        ) as landed,
        (select count(*) from {{ ref(entity.mart) }}) as in_mart,
        (select count(*) from {{ ref('set_aside') }} as aside where aside.endpoint = '{{ endpoint }}') as aside
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select
    endpoint,
    landed,
    in_mart,
    aside
from counts
where landed <> in_mart + aside
