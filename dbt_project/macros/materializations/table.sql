{#-
A table, made in place. dbt's own way (a second table, then two renames) keeps readers served while a model is
rebuilt; here the whole file is new and unread until it is published, and the renames are a fifth of a build.
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
