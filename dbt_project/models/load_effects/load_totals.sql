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
            {'effect': 'before', 'records': before},
            {'effect': 'add', 'records': added},
            {'effect': 'update', 'records': updated},
            {'effect': 'same', 'records': same},
            {'effect': 'carried', 'records': carried},
            {'effect': 'departed', 'records': departed},
            {'effect': 'delete', 'records': deleted},
            {'effect': 'moved_in', 'records': moved_in},
            {'effect': 'moved_out', 'records': moved_out},
            {'effect': 'now', 'records': now}
        ]) as total
    from sums
),

final as (
    select
        file,
        total.effect,
        total.records,
        base,
        total.records / nullif(base, 0) as share
    from listed
)

select * from final
