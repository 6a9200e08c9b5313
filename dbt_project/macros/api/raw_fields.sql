{#-
A label is matched to a field without regard to case and underscores: studentId = StudentId = STUDENT_ID.
-#}
{% macro matching_name(label) -%}
    lower(replace({{ label }}, '_', ''))
{%- endmacro %}

{#- The labels that are read as a field: the seed's, then those that the district adds, in that order. -#}
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
The labels of an endpoint that were received in a run, for each field that they fill: {field: [label, ...]}.
Fields whose label was not received are not in it. Under `duplicate_labels` are those that some record has twice.
Queried once per model, at compile time.
-#}
{% macro labels_by_field(endpoint, run) %}
    {%- set query -%}
        with
        key_sets as (
            select distinct json_keys(payload) as labels
            from {{ source('plus360', endpoint) }}
            where run_id = {{ run }}
        ),

        received as (
            select distinct unnest(labels) as label from key_sets
        ),

        in_one_record as (
            select
                labels,
                unnest(labels) as label
            from key_sets
            where list_unique(labels) < len(labels)
        ),

        duplicated as (
            select
                'duplicate_labels' as field,
                label,
                0 as preference
            from in_one_record
            group by labels, label
            having count(*) > 1
        ),

        accepted as (
            {{ accepted_labels() }}
        )

        select found.field, found.label
        from (
            select accepted.field, received.label, accepted.preference
            from received
            inner join accepted
                on {{ matching_name('received.label') }} = {{ matching_name('accepted.label') }}
            where accepted.endpoint = '{{ endpoint }}'
            union all
            select field, label, preference from duplicated
        ) as found
        group by found.field, found.label
        order by found.field, min(found.preference), found.label
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
character), for each field the expression over the texts found there, and the conditions under which a record
contradicts itself. A label that a record has twice, or in two spellings with different values, says nothing in it:
which value is right is unknown. A blank beside a value, or the same value again, leaves one value, and that counts.
Different labels of one field (dob, birthdate) are columns of their own, which may differ (homeroom, homeroomPrimary)
or write one value in two ways: the first that is filled counts. Only of a key none is preferred: the wrong one makes
the record someone else's. Where a district defines labels, another spelling of one of ours may be its own field, so
only the key is compared.
Ordinary districts send one label per field; for them there is no condition.
-#}
{% macro reading(fields, labels, key=[], is_district_defined=false) %}
    {%- set pointers = [] -%}
    {%- set expressions = {} -%}
    {%- set contradictions = [] -%}
    {%- for field in fields -%}
        {%- set texts_by_spelling = {} -%}
        {%- for label in labels.get(field, []) -%}
            {%- do pointers.append(sql_literal('/' ~ label | replace('~', '~0') | replace('/', '~1'))) -%}
            {%- set text = 'read.texts[' ~ pointers | length ~ ']' -%}
            {%- if label in labels.get('duplicate_labels', []) -%}
                {%- set text = '(case when ' ~ occurrences(label) ~ ' = 1 then ' ~ text ~ ' end)' -%}
            {%- endif -%}
            {%- set spelling = field if field in key
                else label if is_district_defined
                else label | replace('_', '') | lower -%}
            {%- do texts_by_spelling.setdefault(spelling, []).append(blank_to_null(text)) -%}
        {%- endfor -%}
        {%- set texts = [] -%}
        {%- for same in texts_by_spelling.values() -%}
            {%- if same | length > 1 -%}
                {%- set values = 'list_unique([' ~ same | join(', ') ~ '])' -%}
                {%- do contradictions.append(values ~ ' > 1') -%}
                {%- do texts.append('case when ' ~ values ~ ' = 1 then coalesce(' ~ same | join(', ') ~ ') end') -%}
            {%- else -%}
                {%- do texts.append(same[0]) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do expressions.update({
            field: 'coalesce(' ~ texts | join(', ') ~ ')' if texts | length > 1
                else texts | first | default('cast(null as varchar)')
        }) -%}
    {%- endfor -%}
    {{ return({
        'pointers': 'cast([' ~ pointers | join(', ') ~ '] as varchar[])',
        'expressions': expressions,
        'contradictions': contradictions
    }) }}
{% endmacro %}

{#- How often a record, of which `raw_texts` gives the labels, has a label. -#}
{% macro occurrences(label) -%}
    len(list_filter(read.labels, lambda label: label = {{ sql_literal(label) }}))
{%- endmacro %}

{#-
The records of an endpoint in a run: position (the place in the pull), and the texts at the pointers; with the labels
of each record where some record has one twice.
-#}
{% macro raw_texts(endpoint, pointers, run, with_labels=false) %}
    select
        raw.position,
        {%- if with_labels %}
        json_keys(raw.payload) as labels,
        {%- endif %}
        json_extract_string(raw.payload, {{ pointers }}) as texts
    from {{ source('plus360', endpoint) }} as raw
    where raw.run_id = {{ run }}
{% endmacro %}

{#-
The records of an endpoint in this run, with the named fields as text, trimmed, blank as null; and whether a record has
one label twice, or two spellings of one with different values.
-#}
{% macro raw_fields(endpoint, fields, labels, is_district_defined=false) %}
    {%- set reading = reading(fields, labels, endpoints()[endpoint].key, is_district_defined) -%}
    {%- set has_duplicates = 'duplicate_labels' in labels -%}
    {%- set contradictions = (['list_unique(read.labels) < len(read.labels)'] if has_duplicates else [])
        + reading.contradictions -%}
    select
        read.position
        {%- for field in fields %},
        {{ reading.expressions[field] }} as {{ field }}
        {%- endfor %},
        {{ contradictions | join(' or ') or 'false' }} as has_duplicate_label
    from (
        {{ raw_texts(endpoint, reading.pointers, this_run(), has_duplicates) }}
    ) as read
{% endmacro %}

{#- A JSON object without the labels of the fields that are mapped. -#}
{% macro without_labels(payload, labels) -%}
    {%- set removed = {} -%}
    {%- for field, received in labels.items() if field != 'duplicate_labels' -%}
        {%- for label in received -%}
            {%- do removed.update({label: none}) -%}
        {%- endfor -%}
    {%- endfor -%}
    json_merge_patch({{ payload }}, '{{ removed | tojson }}')
{%- endmacro %}

{#- The labels of an endpoint that were received in a run, and how many records have each. Queried at compile time. -#}
{% macro labels_received(endpoint, run) %}
    {%- set query -%}
        select
            unnest(key_sets.labels) as label,
            key_sets.records
        from (
            select
                list_distinct(json_keys(payload)) as labels,
                count(*) as records
            from {{ source('plus360', endpoint) }}
            where run_id = {{ run }}
            group by all
        ) as key_sets
        order by label
    {%- endset -%}
    {%- set records = {} -%}
    {%- if execute -%}
        {%- for row in run_query(query).rows -%}
            {%- do records.update({row[0]: records.get(row[0], 0) + row[1] | int}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(records) }}
{% endmacro %}

{#- One row per label of an endpoint that was received in this run: records that have it, and that fill it. -#}
{% macro label_counts(endpoint, records) %}
    {%- set labels = {} -%}
    {%- for label in records -%}
        {%- do labels.update({label: [label]}) -%}
    {%- endfor -%}
    {%- set reading = reading(records, labels) -%}
    select
        '{{ endpoint }}' as endpoint,
        counted.label.name as label,
        counted.label.records,
        counted.label.filled
    from (
        select
            unnest(cast([
                {%- for label, number in records.items() %}
                {
                    'name': {{ sql_literal(label) }},
                    'records': {{ number }},
                    'filled': count({{ reading.expressions[label] }})
                }{{ ',' if not loop.last }}
                {%- endfor %}
            ] as struct(name varchar, records bigint, filled bigint)[])) as label
        from (
            {{ raw_texts(endpoint, reading.pointers, this_run()) }}
        ) as read
    ) as counted
{% endmacro %}
