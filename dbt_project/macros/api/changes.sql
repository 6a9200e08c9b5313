{#- The endpoints received in this run and in the last published run before it. Queried at compile time. -#}
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
    {%- set received = run_query(query).columns[0].values() if execute else [] -%}
    {{ return(endpoints().keys() | select('in', received) | list) }}
{% endmacro %}

{#-
What is compared of an endpoint in a run: {field: [label, ...]}. Of UDRegUser it is every label that the district
defined, each by its own name.
-#}
{% macro compared_labels(endpoint, run) %}
    {%- set labels = labels_by_field(endpoint, run) -%}
    {%- if endpoint == 'UDRegUser' -%}
        {%- set mapped = labels.values() | sum(start=[]) -%}
        {%- for label in labels_received(endpoint, run) if label not in mapped -%}
            {%- do labels.update({label: [label]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(labels) }}
{% endmacro %}

{#-
The records of an endpoint in a run, one row a key: the key as text, and the other fields as a list of texts.
Keys are normalized as in staging, and of a duplicate key the same record is kept.
-#}
{% macro records_by_key(endpoint, fields, labels, run) %}
    {%- set key = endpoints()[endpoint].key -%}
    {%- set reading = reading(key + ['changed_at'] + fields, labels) -%}
    {%- set expressions = reading.expressions -%}
    {%- set keys = [] -%}
    {%- for field in key -%}
        {%- do keys.append((to_code if field.endswith('_type') else to_key)(expressions[field])) -%}
    {%- endfor %}
    select
        {{ keys | join(" || '/' || ") }} as record_key,
        [{% for field in fields %}{{ expressions[field] }}{{ ', ' if not loop.last }}{% endfor %}] as texts
    from (
        {{ raw_texts(endpoint, reading.pointers, run) }}
    ) as read
    where record_key is not null
    qualify row_number() over (
        partition by record_key
        order by {{ to_timestamp(expressions.changed_at) }} desc nulls last, read.position desc
    ) = 1
{% endmacro %}
