{%- set files = {
    'students.csv': {
        'before': 'students_before',
        'now': 'students_now',
        'same_record': 'before.student_id = now.student_id',
        'person': 'student_id',
        'free': ['state_school_id'],
    },
    'guardians.csv': {
        'before': 'guardians_before',
        'now': 'guardians_now',
        'same_record': 'before.student_id = now.student_id and before.contact_id = now.contact_id',
        'person': 'contact_id',
        'free': ['priority'],
    },
} -%}

with
layout as (
    select * from {{ ref('import_layouts') }} where layout = '{{ var("layout") }}'
),

limits as (
    select
        max(share) filter (where variant = 'before') as share_before,
        max(floor) filter (where variant is null) as floor
    from {{ ref('load_limits') }}
    where rule = 'load__field__one_value'
),

status as (
    select
        coalesce(student_fields, []) as student_fields,
        coalesce(guardian_fields, []) as guardian_fields
    from {{ source('baseline', 'status') }}
),

students_before as (
    select * from {{ source('baseline', 'students') }}
),

students_now as (
    select * from {{ ref('import_students') }}
),

guardians_before as (
    select * from {{ source('baseline', 'guardians') }}
),

guardians_now as (
    select * from {{ ref('import_guardians') }}
),

{% for file, its in files.items() -%}
{%- set name = file.split('.')[0] -%}
-- A record that is exported as last published is in both files, and tells nothing.
{{ name }}_counted as (
    select {{ field_counts(file, its.free) }} as fields
    from {{ its.before }} as before
    full outer join {{ its.now }} as now
        on {{ its.same_record }}
),

-- Students or contacts: a contact is counted once, however many children the family has.
{{ name }}_people_before as (
    select {{ personal_values(file) }} as cells
    from {{ its.before }}
    group by {{ its.person }}
),

{{ name }}_people_now as (
    select {{ personal_values(file) }} as cells
    from {{ its.now }}
    group by {{ its.person }}
),

{{ name }}_cells_before as (
    select unnest(cells) as cell from {{ name }}_people_before
),

{{ name }}_cells_now as (
    select unnest(cells) as cell from {{ name }}_people_now
),

{{ name }}_values as (
    select
        cell,
        count(*) as records
    from {{ name }}_cells_now
    where cell.value is not null
    group by cell
    having count(*) > (select limits.floor from limits)
),

{{ name }}_values_before as (
    select
        had.cell,
        count(*) as records
    from {{ name }}_cells_before as had
    semi join {{ name }}_values as many on had.cell = many.cell
    group by had.cell
),

{{ name }}_people as (
    select
        (select count(*) from {{ name }}_people_before) as before,
        (select count(*) from {{ name }}_people_now) as now
),

-- Of each field in which people differ, the most frequent value that is new.
{{ name }}_top as (
    select
        many.cell.field,
        many.records,
        people.now as base,
        many.records / people.now as share,
        coalesce(had.records, 0) / nullif(people.before, 0) as share_before
    from {{ name }}_values as many
    cross join {{ name }}_people as people
    cross join limits
    left join {{ name }}_values_before as had on many.cell = had.cell
    where coalesce(had.records, 0) < limits.share_before * people.before or people.before = 0
    qualify row_number() over (partition by many.cell.field order by many.records desc, share_before asc) = 1
),

{% endfor -%}
counted as (
    {% for file in files -%}
    {%- set name = file.split('.')[0] -%}
    select
        '{{ file }}' as file,
        counted.its.field,
        counted.its.filled_before,
        counted.its.filled_now,
        counted.its.compared,
        counted.its.overwritten,
        counted.its.judged,
        counted.its.emptied,
        top.records as top_value_records,
        top.base as top_value_base,
        top.share as top_value_share,
        top.share_before as top_value_share_before,
        list_contains(status.{{ name[:-1] }}_fields, counted.its.field) as was_there
    from (select unnest(fields) as its from {{ name }}_counted) as counted
    cross join status
    left join {{ name }}_top as top on counted.its.field = top.field
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

final as (
    select
        counted.file,
        counted.field,
        counted.filled_before,
        counted.filled_now,
        if(counted.was_there, counted.compared, 0) as compared,
        if(counted.was_there, counted.overwritten, 0) as overwritten,
        if(counted.was_there, counted.judged, 0) as judged,
        if(counted.was_there, counted.emptied, 0) as emptied,
        if(counted.was_there, counted.overwritten / nullif(counted.compared, 0), null) as share,
        if(counted.was_there, counted.emptied / nullif(counted.compared, 0), null) as emptied_share,
        counted.top_value_records,
        counted.top_value_base,
        counted.top_value_share,
        counted.top_value_share_before
    from counted
    semi join layout on counted.file = layout.file and counted.field = layout.field
)

select * from final
