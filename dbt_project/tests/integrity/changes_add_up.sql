{#- before + added - removed = now, each counted on its own. -#}
{{ config(
    severity='error',
    tags=['integrity'],
    meta={'broken': 'the changes since the last published run do not add up'}
) }}

select
    entity,
    before,
    added,
    removed,
    now
from {{ ref('change_counts') }}
where before + added - removed <> now
