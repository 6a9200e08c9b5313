{#- Text as an SQL literal. -#}
{% macro sql_literal(text) -%}
    '{{ text | string | replace("'", "''") }}'
{%- endmacro %}

{#- A list of texts as an SQL literal. -#}
{% macro sql_literals(texts) -%}
    {%- set quoted = [] -%}
    {%- for text in texts -%}
        {%- do quoted.append(sql_literal(text)) -%}
    {%- endfor -%}
    cast([{{ quoted | join(', ') }}] as varchar[])
{%- endmacro %}
