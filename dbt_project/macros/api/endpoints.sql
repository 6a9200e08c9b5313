{#- The seven endpoints, in the order of the setup guide: the mart of each, and its key. -#}
{% macro endpoints() %}
    {{ return({
        'School': {'mart': 'schools', 'key': ['school_id']},
        'Contact': {'mart': 'contacts', 'key': ['contact_id']},
        'ContactAddress': {'mart': 'contact_addresses', 'key': ['contact_id']},
        'ContactPhone': {'mart': 'contact_phones', 'key': ['contact_id', 'phone_type']},
        'StudentContact': {'mart': 'student_contacts', 'key': ['student_id', 'contact_id', 'contact_type']},
        'Student': {'mart': 'students', 'key': ['student_id']},
        'UDRegUser': {'mart': 'ud_fields', 'key': ['student_id']},
    }) }}
{% endmacro %}
