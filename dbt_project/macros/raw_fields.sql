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
        '{{ label | replace("'", "''") }}',
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
The records of an endpoint in a run (this one, where none is named) with the named fields as text, trimmed, blank as null, in one reading of
the JSON. Also: position (its place in the pull).
-#}
{% macro raw_fields(endpoint, fields, labels, run=none) %}
    {%- set paths = [] -%}
    {%- for field in fields -%}
        {%- for label in labels.get(field, []) -%}
            {%- do paths.append("'$.\"" ~ label ~ "\"'") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set counter = namespace(at=0) -%}
    select
        read.position
        {%- for field in fields %},
            {%- set texts = [] -%}
            {%- for label in labels.get(field, []) -%}
                {%- set counter.at = counter.at + 1 -%}
                {%- do texts.append(blank_to_null('read.texts[' ~ counter.at ~ ']')) -%}
            {%- endfor %}
        {% if texts | length > 1 -%}
            coalesce({{ texts | join(', ') }})
        {%- else -%}
            {{ texts | first | default('cast(null as varchar)') }}
        {%- endif %} as {{ field }}
        {%- endfor %}
    from (
        select
            raw.position,
            json_extract_string(raw.payload, cast([{{ paths | join(', ') }}] as varchar[])) as texts
        from {{ source('plus360', endpoint) }} as raw
        where raw.run_id = {{ run or this_run() }}
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

{#-
One row for each label of an endpoint that came in this run: records that carry it, and records in which it
holds something. A label may hold any character, so the path is a JSON pointer made for each record.
-#}
{% macro label_counts(endpoint) %}
    select
        '{{ endpoint }}' as endpoint,
        labelled.label,
        count(*) as records,
        count({{ blank_to_null('labelled.text') }}) as filled
    from (
        select
            keyed.label,
            json_extract_string(
                keyed.payload, '/' || replace(replace(keyed.label, '~', '~0'), '/', '~1')
            ) as text
        from (
            select
                raw.payload,
                unnest(json_keys(raw.payload)) as label
            from {{ source('plus360', endpoint) }} as raw
            where raw.run_id = {{ this_run() }}
        ) as keyed
    ) as labelled
    group by labelled.label
{% endmacro %}
