{#-
Why a record is kept out of the marts: it has one label twice (or in two spellings with different values), its key is
blank, or a later change of the same key was received ('duplicate_label', 'blank_key', 'duplicate_key'); null for a record that is kept. Columns that number the
records of one key may be blank.
-#}
{% macro quarantine_reason(key, numbered_by=[]) -%}
    case
        when has_duplicate_label then 'duplicate_label'
        when {{ key | join(' is null or ') }} is null then 'blank_key'
        when
            row_number() over (
                partition by {{ (key + numbered_by) | join(', ') }}, has_duplicate_label
                order by changed_at desc nulls last, position desc
            ) > 1
            then 'duplicate_key'
    end
{%- endmacro %}

{#- How failures identify a record: by its key, or its place in the pull where the key is blank. -#}
{% macro record_key(columns, position='position') -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("coalesce(" ~ column ~ ", '#' || " ~ position ~ ")") -%}
    {%- endfor -%}
    {{ parts | join(" || '/' || ") }}
{%- endmacro %}
