{%- set entities = [
    'load', 'pulls', 'schools', 'students', 'contacts', 'student_contacts', 'contact_addresses', 'contact_phones',
    'ud_fields',
] -%}

with
final as (
    {% for entity in entities -%}
    select
        '{{ entity }}' as entity,
        check_id,
        record_key,
        school_id,
        field,
        reason,
        position
    from {{ ref('checks_' ~ entity) }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select * from final
