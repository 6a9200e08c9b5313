with
files as (
    select distinct file from {{ ref('import_layouts') }} where layout = '{{ var("layout") }}'
),

schools as (
    select * from {{ ref('load_schools') }}
),

sums as (
    select
        files.file,
        {% for column in [
            'before', 'added', 'updated', 'same', 'carried', 'departed', 'deleted', 'moved_in', 'moved_out', 'now'
        ] -%}
        cast(coalesce(sum(schools.{{ column }}), 0) as bigint) as {{ column }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from files
    left join schools on files.file = schools.file
    group by files.file
),

listed as (
    select
        file,
        before as base,
        unnest([
            'before', 'add', 'update', 'same', 'carried', 'departed', 'delete', 'moved_in', 'moved_out', 'now'
        ]) as effect,
        unnest([before, added, updated, same, carried, departed, deleted, moved_in, moved_out, now]) as records
    from sums
),

final as (
    select
        file,
        effect,
        records,
        base,
        records / nullif(base, 0) as share
    from listed
)

select * from final
