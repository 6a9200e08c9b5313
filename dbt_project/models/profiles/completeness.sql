{#- How complete the records are that a special-programs system works with: by field and school, never a value. -#}
{%- set student_fields = {
    'birth_date': 'birth_date',
    'gender': 'gender',
    'grade': 'grade',
    'state_student_id': 'state_student_id',
    'address': 'nullif(has_address, false)',
    'guardian': 'nullif(has_guardian, false)',
    'guardian_phone': 'nullif(has_guardian_phone, false)',
    'race': 'coalesce(federal_race_code, ethnic_code)',
    'home_language': 'coalesce(native_language, language)',
    'iep': 'has_iep',
} -%}
{%- set guardian_fields = {
    'relation': 'relation',
    'phone': 'coalesce(cell_phone, home_phone, work_phone)',
    'cell_phone': 'cell_phone',
    'email': 'email',
    'address': 'street_line',
} -%}

with
students as (
    select * from ({{ student_facts() }}) where quarantine_reason is null and is_enrolled
),

guardians as (
    select * from {{ ref('import_guardians') }}
),

counted as (
    {% for people, fields in {'students': student_fields, 'guardians': guardian_fields}.items() -%}
    select
        '{{ people }}' as people,
        school_id,
        count(*) as records,
        unnest([
            {%- for field, value in fields.items() %}
            {
                'field': '{{ field }}',
                'filled': count({{ value }})
            }
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        ]) as found
    from {{ people }}
    group by school_id
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

final as (
    select
        people,
        school_id,
        found.field,
        records,
        found.filled
    from counted
)

select * from final
