{#-
Why a record is kept out of the marts: its key is blank, or a later change of the same key was received
('blank_key', 'duplicate_key'); null for a record that is kept. Columns that number the records of one key may be
blank.
-#}
{% macro quarantine_reason(key, numbered_by=[]) -%}
    case
        when {{ key | join(' is null or ') }} is null then 'blank_key'
        when
            row_number() over (
                partition by {{ (key + numbered_by) | join(', ') }} order by changed_at desc nulls last, position desc
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
