with
students as (
    select * from {{ ref('int_students_keyed') }}
),

schools as (
    select * from {{ ref('int_schools_keyed') }} where set_aside_reason is null
),

addresses as (
    select * from {{ ref('int_student_addresses') }} where has_physical_address
),

links as (
    select * from {{ ref('int_student_contacts_ranked') }}
    where set_aside_reason is null and contact_type = 'G'
),

contacts as (
    select * from {{ ref('int_contacts_profiled') }}
),

guardians as (
    select
        links.student_id,
        bool_or(contacts.best_phone is not null) as has_phone
    from links
    left join contacts on links.contact_id = contacts.contact_id
    group by links.student_id
),

facts as (
    select
        students.* replace ({{ record_key(['students.student_id'], 'students.position') }} as student_id),
        students.student_id is null as has_blank_id,
        coalesce(students.set_aside_reason, '') = 'doubled_key' as is_double,
        schools.school_id is not null as has_school,
        addresses.student_id is not null as has_address,
        guardians.student_id is not null as has_guardian,
        guardians.has_phone as has_guardian_phone,
        date_sub('year', students.birth_date, {{ day_of_the_pull() }}) as age,
        students.birth_date > {{ day_of_the_pull() }} as is_born_later
    from students
    left join schools on students.school_id = schools.school_id
    left join addresses on students.student_id = addresses.student_id
    left join guardians on students.student_id = guardians.student_id
),

counted as (
    select
        facts.*,
        count(*) over (partition by state_student_id, is_double) as same_state_id,
        count(*) over (
            partition by lower(first_name), lower(last_name), birth_date, is_double
        ) as same_person
    from facts
),

checked as (
    select
        student_id as record_key,
        school_id,
        position,
        case
            when is_double
                then [{{ failing('students__student_id__unique', 'student_id', 'true', 'doubled_key') }}]
            else [
                {{ failing('students__student_id__required', 'student_id', 'has_blank_id', 'blank') }},
                {{ failing('students__student_id__valid', 'student_id',
                    "not has_blank_id and not regexp_full_match(student_id, '[A-Za-z0-9]{1,20}')",
                    "case when length(student_id) > 20 then 'too_long' else 'not_letters_and_digits' end") }},
                {{ failing('students__last_name__required', 'last_name', 'last_name is null', 'blank') }},
                {{ failing('students__first_name__required', 'first_name', 'first_name is null', 'blank') }},
                {{ failing('students__birth_date__required', 'birth_date', 'birth_date_text is null', 'blank') }},
                {{ failing('students__birth_date__plausible', 'birth_date',
                    '(birth_date is null and birth_date_text is not null) or is_born_later or age < 2 or age > 26',
                    "case
                        when birth_date is null then 'not_a_date'
                        when is_born_later then 'in_the_future'
                        when age < 2 then 'under_2'
                        else 'over_26'
                    end") }},
                {{ failing('students__gender__accepted', 'gender', 'gender is null',
                    "case when gender_code is null then 'blank' else 'not_in_list' end") }},
                {{ failing('students__enrollment_status__accepted', 'enrollment_status', 'enrollment_status is null',
                    "case when status_code is null then 'blank' else 'not_in_list' end") }},
                {{ failing('students__school_id__exists', 'school_id', 'not has_school',
                    "case when school_id is null then 'blank' else 'not_found' end") }},
                {{ failing('students__grade__accepted', 'grade', 'not has_known_grade',
                    "case when grade_code is null then 'blank' else 'not_in_list' end") }},
                {{ failing('students__state_student_id__required', 'state_student_id',
                    'state_student_id is null', 'blank') }},
                {{ failing('students__state_student_id__unique', 'state_student_id',
                    'state_student_id is not null and same_state_id > 1', 'shared') }},
                -- Nothing can be tied to a student without an id: that is one fault, not three.
                {{ failing('students__physical_address__required', 'physical_address',
                    'not has_blank_id and not has_address', 'none') }},
                {{ failing('students__guardian__required', 'guardian',
                    'not has_blank_id and not has_guardian', 'none') }},
                {{ failing('students__guardian_phone__required', 'guardian_phone',
                    'has_guardian and not has_guardian_phone', 'none') }},
                {{ failing('students__twins__suspected', 'student_id',
                    'first_name is not null and last_name is not null and birth_date is not null and same_person > 1',
                    'same_name_and_birth_date') }}
            ]
        end as failures
    from counted
),

final as (
    {{ failing_records('checked') }}
)

select
    check_id,
    record_key,
    school_id,
    field,
    reason,
    position
from final
