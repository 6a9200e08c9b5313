{#-
Every mart has each key once, and none that is blank: one test for all of them, for the nightly run. The tests named
<mart>_key say the same of each mart by itself; `dbt build` by hand runs them.
-#}
{{ config(
    severity='error',
    tags=['integrity'],
    meta={'broken': 'a mart or an import file holds a key twice, or a record without a key'}
) }}

{%- set keys = {
    'schools': ['school_id'],
    'students': ['student_id'],
    'contacts': ['contact_id'],
    'student_contacts': ['student_id', 'contact_id', 'contact_type'],
    'contact_addresses': ['contact_id'],
    'contact_phones': ['contact_id', 'phone_type'],
    'ud_fields': ['student_id', 'entry_number'],
    'ud_field_values': ['student_id', 'entry_number', 'label'],
    'ud_field_profiles': ['label'],
    'quarantined_records': ['endpoint', 'position'],
    'import_students': ['student_id'],
    'import_guardians': ['student_id', 'contact_id'],
    'import_carried': ['import', 'student_id', "coalesce(contact_id, '')"],
    'import_state': ['file', 'student_id', "coalesce(contact_id, '')"],
    'import_files': ['file'],
    'import_rejects': ['import', 'position', 'check_id'],
} %}

{% for mart, key in keys.items() -%}
select '{{ mart }}' as mart
from {{ ref(mart) }}
group by {{ key | join(', ') }}
having count(*) > 1 or {{ key | join(' is null or ') }} is null
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
