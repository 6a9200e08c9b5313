{#-
`dbt run` right after an extract needs the seeds, which only `dbt seed` and `dbt build` load. Loads those that are
missing. Does nothing for any other command.
-#}
{% macro load_missing_seeds() %}
    {%- if execute and flags.WHICH == 'run' -%}
        {%- for seed in graph.nodes.values() if seed.resource_type == 'seed' %}
    create schema if not exists {{ target.database }}.{{ seed.schema }};
    create table if not exists {{ target.database }}.{{ seed.schema }}.{{ seed.name }} as
    from read_csv(
        {{ sql_literal(seed.root_path ~ '/' ~ seed.original_file_path) }},
        types = {{ seed.config.column_types }}
    );
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
