{#-
A label is matched to a field without regard to case and underscores: studentId = StudentId = STUDENT_ID.
-#}
{% macro matching_name(label) -%}
    lower(replace({{ label }}, '_', ''))
{%- endmacro %}

{#- Which labels may stand for a field: the seed's, then what the district adds, in that order. -#}
{% macro accepted_labels() -%}
    select endpoint, field, label, row_number() over () as preference
    from {{ ref('field_labels') }}
    {%- for endpoint_and_field, labels in var('label_synonyms').items() %}
        {%- for label in labels %}
    union all
    select
        '{{ endpoint_and_field.split(".")[0] }}',
        '{{ endpoint_and_field.split(".")[1] }}',
        {{ sql_literal(label) }},
        100000 + {{ loop.index }}
        {%- endfor %}
    {%- endfor %}
{%- endmacro %}

{#-
The labels of an endpoint that came in a run, for each field that they fill: {field: [label, ...]}.
A field whose label never came is not in it. Asked once a model, at compile time.
-#}
{% macro labels_by_field(endpoint, run) %}
    {%- set query -%}
        with
        came as (
            select distinct unnest(key_sets.labels) as label
            from (
                select distinct json_keys(payload) as labels
                from {{ source('plus360', endpoint) }}
                where run_id = {{ run }}
            ) as key_sets
        ),

        accepted as (
            {{ accepted_labels() }}
        )

        select accepted.field, came.label
        from came
        inner join accepted
            on {{ matching_name('came.label') }} = {{ matching_name('accepted.label') }}
        where accepted.endpoint = '{{ endpoint }}'
        group by accepted.field, came.label
        order by accepted.field, min(accepted.preference), came.label
    {%- endset -%}
    {%- set labels = {} -%}
    {%- if execute -%}
        {%- for row in run_query(query).rows -%}
            {%- do labels.setdefault(row[0], []).append(row[1]) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(labels) }}
{% endmacro %}

{#-
How fields are read out of a record's JSON in one go: the list of paths (JSON pointers, for a label may hold any
character), and for each field the expression over the texts found there. A label that came twice under
different spellings gives the first that holds something.
-#}
{% macro reading(fields, labels) %}
    {%- set pointers = [] -%}
    {%- set expressions = {} -%}
    {%- for field in fields -%}
        {%- set texts = [] -%}
        {%- for label in labels.get(field, []) -%}
            {%- do pointers.append(sql_literal('/' ~ label | replace('~', '~0') | replace('/', '~1'))) -%}
            {%- do texts.append(blank_to_null('read.texts[' ~ pointers | length ~ ']')) -%}
        {%- endfor -%}
        {%- do expressions.update({
            field: 'coalesce(' ~ texts | join(', ') ~ ')' if texts | length > 1
                else texts | first | default('cast(null as varchar)')
        }) -%}
    {%- endfor -%}
    {{ return({'pointers': 'cast([' ~ pointers | join(', ') ~ '] as varchar[])', 'expressions': expressions}) }}
{% endmacro %}

{#- The records of an endpoint in a run: position (the place in the pull), and the texts at the pointers. -#}
{% macro raw_texts(endpoint, pointers, run) %}
    select
        raw.position,
        json_extract_string(raw.payload, {{ pointers }}) as texts
    from {{ source('plus360', endpoint) }} as raw
    where raw.run_id = {{ run }}
{% endmacro %}

{#- The records of an endpoint in this run, with the named fields as text, trimmed, blank as null. -#}
{% macro raw_fields(endpoint, fields, labels) %}
    {%- set reading = reading(fields, labels) -%}
    select
        read.position
        {%- for field in fields %},
        {{ reading.expressions[field] }} as {{ field }}
        {%- endfor %}
    from (
        {{ raw_texts(endpoint, reading.pointers, this_run()) }}
    ) as read
{% endmacro %}

{#- A JSON object without the labels of the fields that are mapped. -#}
{% macro without_labels(payload, labels) -%}
    {%- set removed = {} -%}
    {%- for came in labels.values() -%}
        {%- for label in came -%}
            {%- do removed.update({label: none}) -%}
        {%- endfor -%}
    {%- endfor -%}
    json_merge_patch({{ payload }}, '{{ removed | tojson }}')
{%- endmacro %}

{#- The labels of an endpoint that came in a run. Asked once, at compile time. -#}
{% macro labels_that_came(endpoint, run) %}
    {%- set query -%}
        select distinct unnest(key_sets.labels) as label
        from (
            select distinct json_keys(payload) as labels
            from {{ source('plus360', endpoint) }}
            where run_id = {{ run }}
        ) as key_sets
        order by label
    {%- endset -%}
    {{ return(run_query(query).columns[0].values() | list if execute else []) }}
{% endmacro %}

{#-
One row for each label of an endpoint: records that carry it, and records in which it holds something, counted
in one reading of the JSON. A label may hold any character, so the paths are JSON pointers.
-#}
{% macro label_counts(endpoint, labels) %}
    {%- set paths = [] -%}
    {%- for label in labels -%}
        {%- do paths.append(sql_literal('/' ~ label | replace('~', '~0') | replace('/', '~1'))) -%}
    {%- endfor %}
    select
        '{{ endpoint }}' as endpoint,
        counted.label.name as label,
        counted.label.records,
        counted.label.filled
    from (
        select
            unnest([
                {%- for label in labels %}
                {
                    'name': {{ sql_literal(label) }},
                    'records': count(*) filter (where list_contains(read.labels, {{ sql_literal(label) }})),
                    'filled': count({{ blank_to_null('read.texts[' ~ loop.index ~ ']') }})
                }{{ ',' if not loop.last }}
                {%- endfor %}
                {%- if not labels %}
                {'name': cast(null as varchar), 'records': cast(null as bigint), 'filled': cast(null as bigint)}
                {%- endif %}
            ]) as label
        from (
            select
                json_keys(raw.payload) as labels,
                json_extract_string(raw.payload, cast([{{ paths | join(', ') }}] as varchar[])) as texts
            from {{ source('plus360', endpoint) }} as raw
            where raw.run_id = {{ this_run() }}
        ) as read
    ) as counted
    where counted.label.name is not null
{% endmacro %}
