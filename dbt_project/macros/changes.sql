{#- The endpoints that came in this run and in the last published night before it. Asked at compile time. -#}
{% macro compared_endpoints() %}
    {%- set query -%}
        select tonight.endpoint
        from {{ source('plus360', 'pulls') }} as tonight
        inner join {{ source('plus360', 'pulls') }} as before on tonight.endpoint = before.endpoint
        where
            tonight.run_id = {{ this_run() }}
            and tonight.state in ('complete', 'unreconciled')
            and before.run_id = {{ last_published_run() }}
            and before.state in ('complete', 'unreconciled')
    {%- endset -%}
    {%- set came = run_query(query).columns[0].values() if execute else [] -%}
    {{ return(endpoints().keys() | select('in', came) | list) }}
{% endmacro %}

{#-
The records of an endpoint in a run, one row a key: the key as text, and every other field as text.
The key is normalised as in staging, and of a doubled key the same record is kept.
-#}
{% macro records_by_key(endpoint, fields, labels, run) %}
    {%- set key = endpoints()[endpoint].key -%}
    select
        {% for field in key -%}
        {{ to_code(field) if field in ('phone_type', 'contact_type') else to_key(field) }} || '/' ||
        {% endfor -%}
        '' as record_key,
        [{{ fields | join(', ') }}] as texts
    from (
        {{ raw_fields(endpoint, key + ['changed_at'] + fields, labels, run) }}
    ) as fields_read
    where {{ key | join(' is not null and ') }} is not null
    qualify row_number() over (
        partition by record_key order by {{ to_timestamp('changed_at') }} desc nulls last, position desc
    ) = 1
{% endmacro %}
