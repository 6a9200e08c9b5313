{{ config(materialized='ephemeral') }}

with
published as (
    select * from {{ ref('stg_baseline__students') }}
),

status as (
    select * from {{ ref('stg_baseline__status') }}
),

layouts as (
    select * from {{ ref('import_layouts') }}
),

-- Empty where tonight's layout does not have the file.
tonight as (
    select list(field) as fields
    from layouts
    where layout = '{{ var("layout") }}' and file = 'students.csv'
),

final as (
    select published.*
    from published
    cross join status
    cross join tonight
    -- What was published without a field that tonight's file has would be sent with that field empty.
    where list_has_all(status.student_fields, tonight.fields)
)

select * from final
