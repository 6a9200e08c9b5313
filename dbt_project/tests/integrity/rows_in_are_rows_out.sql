{#- Every raw record of this run is in its mart or quarantined, and in one of the two only. -#}
{{ config(
    severity='error',
    tags=['integrity'],
    meta={'broken': 'a record was lost or duplicated between the raw store and the marts'}
) }}

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
        (
            select count(*) from {{ ref('quarantined_records') }} as kept_out
            where kept_out.endpoint = '{{ endpoint }}'
        ) as quarantined
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select
    endpoint,
    landed,
    in_mart,
    quarantined
from counts
where landed <> in_mart + quarantined
