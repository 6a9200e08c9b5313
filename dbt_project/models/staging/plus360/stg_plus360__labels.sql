with
{% for endpoint in endpoints() -%}
{{ endpoint | lower }} as (
    {{ label_counts(endpoint, labels_received(endpoint, this_run())) }}
),

{% endfor -%}
received as (
    {% for endpoint in endpoints() -%}
    select * from {{ endpoint | lower }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

accepted as (
    {{ accepted_labels() }}
),

fields as (
    select
        endpoint,
        {{ matching_name('label') }} as matching_name,
        min(field) as field
    from accepted
    group by endpoint, matching_name
),

final as (
    select
        received.endpoint,
        received.label,
        received.records,
        received.filled,
        fields.field
    from received
    left join fields
        on
            received.endpoint = fields.endpoint
            and {{ matching_name('received.label') }} = fields.matching_name
)

select * from final
