{#-
What the load would do accounts for every record, in each file and in each school: add + update + same + carried +
departed = now; before + add + moved in - delete - moved out = now. Before and now are counted in the files.
-#}
{{ config(
    severity='error',
    tags=['integrity'],
    meta={'broken': 'the effects of the load do not add up to the files'}
) }}

with
totals as (
    pivot {{ ref('load_totals') }} on effect in (
        'before', 'add', 'update', 'same', 'carried', 'departed', 'delete', 'moved_in', 'moved_out', 'now'
    ) using sum(records) group by file
),

parts as (
    select
        file,
        'district' as part,
        before,
        "add" as added,
        "update" as updated,
        same,
        carried,
        departed,
        "delete" as deleted,
        moved_in,
        moved_out,
        now
    from totals
    union all
    select
        file,
        'school' as part,
        before,
        added,
        updated,
        same,
        carried,
        departed,
        deleted,
        moved_in,
        moved_out,
        now
    from {{ ref('load_schools') }}
),

counted as (
    select
        'students.csv' as file,
        (select count(*) from {{ source('baseline', 'students') }}) as before,
        (select count(*) from {{ ref('import_students') }}) as now
    union all
    select
        'guardians.csv' as file,
        (select count(*) from {{ source('baseline', 'guardians') }}) as before,
        (select count(*) from {{ ref('import_guardians') }}) as now
)

select
    file,
    part
from parts
where
    added + updated + same + carried + departed <> now
    or before + added + moved_in - deleted - moved_out <> now
    or (part = 'district' and (before + added - deleted <> now or moved_in <> moved_out))
union all
select
    totals.file,
    'file' as part
from totals
inner join counted on totals.file = counted.file
where totals.before <> counted.before or totals.now <> counted.now
