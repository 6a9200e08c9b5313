{#-
What dbt's descriptions say of each table and column, as comments in the warehouse: for `show all tables`, and for any
database browser. dbt's own persist_docs sends a statement for each column of each model; this sends all at once.
-#}
{% macro write_comments() %}
    {%- if not execute -%}
        {{ return('') }}
    {%- endif -%}
    {%- set kinds = {} -%}
    {%- for relation in run_query(relations_without_comment()).rows -%}
        {%- do kinds.update({relation[0]: relation[1]}) -%}
    {%- endfor -%}
    begin;
    {%- for node in graph.nodes.values() if node.resource_type in ('model', 'seed') -%}
        {%- set kind = kinds[node.schema ~ '.' ~ node.name] -%}
        {{- comments_on(node, kind) if kind -}}
    {%- endfor %}
    commit;
{% endmacro %}

{#- Tables and views of the warehouse that were made since comments were written. -#}
{% macro relations_without_comment() -%}
    select schema_name || '.' || table_name, 'table' from duckdb_tables()
    where database_name = '{{ target.database }}' and comment is null
    union all
    select schema_name || '.' || view_name, 'view' from duckdb_views()
    where database_name = '{{ target.database }}' and not internal and comment is null
{%- endmacro %}

{#- The descriptions of a model, seed or source as comments on its table or view. -#}
{% macro comments_on(node, kind='table') %}
    {%- set relation = target.database ~ '.' ~ node.schema ~ '.' ~ node.name %}
    comment on {{ kind }} {{ relation }} is {{ sql_literal(node.description | trim) }};
    {%- for column in node.columns.values() %}
    comment on column {{ relation }}.{{ column.name }} is {{ sql_literal(column.description | trim) }};
    {%- endfor -%}
{% endmacro %}

{#- The descriptions of a table that a hook writes, as comments on it. -#}
{% macro comments_on_hook_table(name) %}
    {%- for source in graph.sources.values() if source.source_name == 'hooks' and source.name == name -%}
        {{ comments_on(source) }}
    {%- endfor -%}
{% endmacro %}
