{%- set endpoints = {
    'School': ['int_schools_keyed', ['school_id']],
    'Contact': ['int_contacts_keyed', ['contact_id']],
    'ContactAddress': ['int_contact_addresses_composed', ['contact_id']],
    'ContactPhone': ['int_contact_phones_ranked', ['contact_id', 'phone_type']],
    'StudentContact': ['int_student_contacts_ranked', ['student_id', 'contact_id', 'contact_type']],
    'Student': ['int_students_keyed', ['student_id']],
    'UDRegUser': ['int_ud_fields_keyed', ['student_id']],
} -%}

with
final as (
    {% for endpoint, (model, key) in endpoints.items() -%}
    select
        '{{ endpoint }}' as endpoint,
        position,
        {{ record_key(key) }} as record_key,
        quarantine_reason as reason
    from {{ ref(model) }}
    where quarantine_reason is not null
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select * from final
