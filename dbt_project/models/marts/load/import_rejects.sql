{#-
A record is refused by a check of level error on itself, or on what the import takes from elsewhere: a student by
its school; a guardian by the student, because a guardian without the student is not loaded. A student who was
published before stays in the file, so the guardians do too (import_carried).
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
    select * from {{ ref('int_student_contacts_ranked') }}
),

duplicates as (
    select * from {{ ref('int_guardian_duplicates') }}
),

published_students as (
    select * from {{ ref('int_students_published') }}
),

published_guardians as (
    select * from {{ ref('int_guardians_published') }}
),

-- Also the links of a type that can't be read, where they were guardians' when last published.
guardian_links as (
    select links.*
    from links
    where links.contact_type = 'G'
    union all
    select links.*
    from links
    semi join published_guardians
        on links.student_id = published_guardians.student_id and links.contact_id = published_guardians.contact_id
    anti join links as readable
        on
            links.student_id = readable.student_id
            and links.contact_id = readable.contact_id
            and readable.contact_type = 'G'
    where links.contact_type is null or links.contact_type not in ('P', 'M', 'G', 'C', 'O')
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
        guardian_links.position,
        guardian_links.student_id,
        guardian_links.contact_id,
        failures.record_key,
        failures.check_id,
        failures.reason
    from failures
    inner join guardian_links on failures.position = guardian_links.position
    where failures.entity = 'student_contacts'
    union all
    select
        guardian_links.position,
        guardian_links.student_id,
        guardian_links.contact_id,
        {{ record_key(
            ['guardian_links.student_id', 'guardian_links.contact_id', 'guardian_links.contact_type'],
            'guardian_links.position'
        ) }} as record_key,
        refused_students.check_id,
        'student_refused' as reason
    from guardian_links
    inner join refused_students on guardian_links.student_id = refused_students.student_id
    anti join published_students on guardian_links.student_id = published_students.student_id
    where
        guardian_links.quarantine_reason is null
        and refused_students.check_id <> 'students__student_id__unique'
),

-- The guardians that nothing refuses, with the group of those who seem to be the same person.
accepted_links as (
    select
        guardian_links.*,
        duplicates.duplicate_group_id
    from guardian_links
    anti join refused_links on guardian_links.position = refused_links.position
    inner join duplicates on guardian_links.contact_id = duplicates.contact_id
    where guardian_links.quarantine_reason is null
),

-- Priority 99 marks a duplicate: it is left out where the same person is the student's guardian under another id.
merged_links as (
    select
        position,
        student_id,
        contact_id,
        {{ record_key(['student_id', 'contact_id', 'contact_type']) }} as record_key,
        'student_contacts__priority__plausible' as check_id,
        'merged_duplicate' as reason
    from accepted_links
    qualify
        contact_priority = 99
        and row_number() over (partition by student_id, duplicate_group_id order by contact_rank asc) > 1
),

final as (
    select
        'students' as import,
        position,
        record_key,
        student_id,
        cast(null as varchar) as contact_id,
        check_id,
        reason
    from refused_students
    union all
    select
        'guardians' as import,
        position,
        record_key,
        student_id,
        contact_id,
        check_id,
        reason
    from refused_links
    union all
    select
        'guardians' as import,
        position,
        record_key,
        student_id,
        contact_id,
        check_id,
        reason
    from merged_links
)

select * from final
