with
{% for endpoint in endpoints() -%}
{{ endpoint | lower }} as (
    {{ label_counts(endpoint, labels_received(endpoint, this_run())) }}
),

{% endfor -%}
came as (
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
        came.endpoint,
        came.label,
        came.records,
        came.filled,
        fields.field
    from came
    left join fields
        on
            came.endpoint = fields.endpoint
            and {{ matching_name('came.label') }} = fields.matching_name
)

select * from final
