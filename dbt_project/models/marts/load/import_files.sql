with
layouts as (
    select * from {{ ref('import_layouts') }} where layout = '{{ var("layout") }}'
),

students as (
    select * from {{ ref('students') }}
),

districts as (
    select mode(district_id) as district_id
    from students
),

columns_by_file as (
    select
        file,
        layout,
        list(column_name order by position asc) as column_names,
        list(field order by position asc) as field_names
    from layouts
    group by file, layout
),

final as (
    select
        columns_by_file.file,
        columns_by_file.layout,
        columns_by_file.column_names,
        columns_by_file.field_names,
        districts.district_id,
        '{{ var("settings_sha256") }}' as settings_sha256
    from columns_by_file
    cross join districts
)

select * from final
