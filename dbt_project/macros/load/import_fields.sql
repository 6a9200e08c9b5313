{#- The fields of an import file beside its key, as import_students and import_guardians name them. -#}
{% macro import_fields(file) %}
    {{ return({
        'students.csv': [
            'last_name', 'middle_name', 'first_name', 'birth_date', 'gender', 'enrollment_status', 'grade',
            'street_line', 'city', 'state', 'postal_code', 'race', 'home_district_id', 'residence_county_code',
            'attending_district_id', 'state_student_id', 'school_name', 'state_school_id', 'sis_internal_id',
        ],
        'guardians.csv': [
            'relation', 'first_name', 'middle_name', 'last_name', 'street_line', 'city', 'state', 'postal_code',
            'home_phone', 'work_phone', 'cell_phone', 'email', 'priority', 'lives_with', 'legal_guardian',
        ],
    }[file]) }}
{% endmacro %}

{#- The fields in which people differ: many with one new value is a placeholder, not a change. -#}
{% macro personal_fields(file) %}
    {{ return({
        'students.csv': ['first_name', 'last_name', 'birth_date', 'street_line', 'state_student_id'],
        'guardians.csv': [
            'first_name', 'last_name', 'street_line', 'home_phone', 'work_phone', 'cell_phone', 'email',
        ],
    }[file]) }}
{% endmacro %}

{#-
Of a record in `before` and `now`: the fields that differ, of those in the list `compared`; a null in `compared` is
no field.
-#}
{% macro changed_fields(file, compared) -%}
    {#- Most records are the same: a comparison of the whole row is much cheaper than a list of its fields. -#}
    case
        when
            {%- for field in import_fields(file) %}
            before.{{ field }} is not distinct from now.{{ field }}
            {%- if not loop.last %} and{% endif %}
            {%- endfor %}
            then []
        else list_filter(
            [
                {%- for field in import_fields(file) %}
                case when before.{{ field }} is distinct from now.{{ field }} then '{{ field }}' end
                {%- if not loop.last %},{% endif %}
                {%- endfor %}
            ],
            lambda field: list_contains({{ compared }}, field)
        )
    end
{%- endmacro %}

{#- What the load does with a record that was there, is there, or both: the first effect that applies. -#}
{% macro load_effect(record) -%}
    case
        when not {{ record }}.is_there then 'delete'
        when {{ record }}.kept_as is not null then {{ record }}.kept_as
        when not {{ record }}.was_there then 'add'
        when {{ record }}.changed_fields = [] then 'same'
        else 'update'
    end
{%- endmacro %}

{#- Whether a text was filled and is filled with another one, apart from case, accents and punctuation. -#}
{% macro is_renamed(before, now) -%}
    case when {{ before }} <> {{ now }} then {{ to_person(before) }} <> {{ to_person(now) }} else false end
{%- endmacro %}

{#- A name for comparison: without case, accents and punctuation. -#}
{% macro to_person(text) -%}
    {{ to_comparable('strip_accents(' ~ text ~ ')') }}
{%- endmacro %}

{#- What tells that a guardian under another contact id is the same person: a list of texts, null where one is empty. -#}
{% macro people_keys(people) -%}
    list_transform(
        [
            {{ people }}.home_phone, {{ people }}.work_phone, {{ people }}.cell_phone, lower({{ people }}.email),
            '#' || {{ people }}.student_id
        ],
        lambda other:
            nullif({{ to_person("concat_ws('', " ~ people ~ ".first_name, " ~ people ~ ".last_name)") }}, '')
            || '/' || other
    ) || ['/' || nullif(ltrim({{ people }}.contact_id, '0'), '')]
{%- endmacro %}
