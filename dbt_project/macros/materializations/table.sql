{#-
A table, created in place. dbt's own way (a second table, then two renames) serves readers while a model is rebuilt.
Here the whole file is new and no one reads it before it is published, and the renames take a fifth of a build.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        drop table if exists {{ relation }};
        {{ create_table_as(false, relation, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
