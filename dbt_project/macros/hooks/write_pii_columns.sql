{#- checks.pii_columns: every column of the warehouse that identifies a person or holds a person's value. -#}
{% macro write_pii_columns() %}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
            {%- for column in node.columns.values() if column.meta.contains_pii -%}
                {%- do columns.append("('" ~ node.schema ~ "', '" ~ node.name ~ "', '" ~ column.name ~ "')") -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if columns -%}
    create schema if not exists {{ target.database }}.checks;
    create or replace table {{ target.database }}.checks.pii_columns as
    select * from (values {{ columns | sort | join(', ') }}) as columns (schema_name, table_name, column_name);
    {{- comments_on_hook_table('pii_columns') }}
    {%- endif -%}
{% endmacro %}
