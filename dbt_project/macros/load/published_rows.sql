{#-
The rows of a file as last published, where they can be sent again: empty where tonight's layout does not have the file.
-#}
{% macro published_rows(published, file, fields) %}
with
published as (
    select * from {{ ref(published) }}
),

status as (
    select * from {{ ref('stg_baseline__status') }}
),

layouts as (
    select * from {{ ref('import_layouts') }}
),

tonight as (
    select list(field) as fields
    from layouts
    where layout = '{{ var("layout") }}' and file = '{{ file }}'
),

final as (
    select published.*
    from published
    cross join status
    cross join tonight
    -- What was published without a field that tonight's file has would be sent with that field empty.
    where list_has_all(status.{{ fields }}, tonight.fields)
)

select * from final
{% endmacro %}
