{#-
A record is refused by a check of level error on itself, or on what the import takes from elsewhere: a student by
its school, a guardian by the student, because a guardian without the student is not loaded.
-#}
{%- set error_checks = checks_of_level('error') -%}

with
failures as (
    {% for entity in ['schools', 'students', 'student_contacts'] -%}
    select
        '{{ entity }}' as entity,
        *
    from {{ ref('checks_' ~ entity) }}
    where check_id in ('{{ error_checks | join("', '") }}')
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

students as (
    select * from {{ ref('int_students_keyed') }}
),

schools as (
    select * from {{ ref('int_schools_keyed') }} where quarantine_reason is null
),

links as (
    select * from {{ ref('int_student_contacts_ranked') }} where contact_type = 'G'
),

refused_schools as (
    select
        schools.school_id,
        failures.check_id,
        failures.reason
    from failures
    inner join schools on failures.position = schools.position
    where failures.entity = 'schools'
),

refused_students as (
    select
        students.position,
        students.student_id,
        failures.record_key,
        failures.check_id,
        failures.reason
    from failures
    inner join students on failures.position = students.position
    where failures.entity = 'students'
    union all
    select
        students.position,
        students.student_id,
        {{ record_key(['students.student_id'], 'students.position') }} as record_key,
        refused_schools.check_id,
        refused_schools.reason
    from students
    inner join refused_schools on students.school_id = refused_schools.school_id
    where students.quarantine_reason is null
),

refused_links as (
    select
        links.position,
        failures.record_key,
        failures.check_id,
        failures.reason
    from failures
    inner join links on failures.position = links.position
    where failures.entity = 'student_contacts'
    union all
    select
        links.position,
        {{ record_key(['links.student_id', 'links.contact_id', 'links.contact_type'], 'links.position') }}
            as record_key,
        refused_students.check_id,
        'student_refused' as reason
    from links
    inner join refused_students on links.student_id = refused_students.student_id
    where
        links.quarantine_reason is null
        and refused_students.check_id <> 'students__student_id__unique'
),

final as (
    select
        'students' as import,
        position,
        record_key,
        check_id,
        reason
    from refused_students
    union all
    select
        'guardians' as import,
        position,
        record_key,
        check_id,
        reason
    from refused_links
)

select * from final
