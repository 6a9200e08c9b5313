{#-
Of records in `before` and `now`, a struct for each field: how many fill it, and of those of both that are not exported
as last published, how many are overwritten and emptied. `free` are the fields that are overwritten and not judged.
-#}
{% macro field_counts(file, free) -%}
    [
        {%- for field in import_fields(file) %}
        {%- set overwritten = "now." ~ field ~ " <> before." ~ field ~ " and now.kept_as is null" %}
        {
            'field': '{{ field }}',
            'filled_before': count(before.{{ field }}),
            'filled_now': count(now.{{ field }}),
            'compared': count(before.{{ field }}) filter (where now.student_id is not null and now.kept_as is null),
            'overwritten': count(*) filter (where {{ overwritten }}),
            'judged': count(*) filter (
                where {{ 'false' if field in free else overwritten }}
                {%- if field == 'grade' %}
                and {{ grade_step('now.grade') }} is distinct from {{ grade_step('before.grade') }} + 1
                and not {{ is_rollover() }}
                {%- elif field == 'school_name' %}
                -- A school that is renamed, or that closed, is no fault; students who leave open schools may be one.
                and now.school_id <> before.school_id
                and before.school_id in (select schools.school_id from {{ ref('schools') }} as schools)
                and not {{ is_rollover() }}
                {%- endif %}
            ),
            'emptied': count(before.{{ field }}) filter (
                where now.student_id is not null and now.kept_as is null and now.{{ field }} is null
            )
        }
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    ]
{%- endmacro %}

{#- The values of a person in the fields in which people differ, as a list of field and value. -#}
{% macro personal_values(file) -%}
    [
        {%- for field in personal_fields(file) %}
        {'field': '{{ field }}', 'value': any_value({{ field }})}{% if not loop.last %},{% endif %}
        {%- endfor %}
    ]
{%- endmacro %}
