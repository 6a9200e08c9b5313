{#- The run that is built: the one asked for, or the latest in the raw store. Which run it is decides no lineage, so
the source is named only at run time. -#}
{% macro this_run() -%}
    {%- if var('run_id') -%}
        '{{ var("run_id") }}'
    {%- elif execute -%}
        (select max(pulls.run_id) from {{ source('plus360', 'pulls') }} as pulls)
    {%- endif -%}
{%- endmacro %}
