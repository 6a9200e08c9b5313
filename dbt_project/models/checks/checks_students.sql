with
pulls as (
    select * from {{ ref('stg_plus360__pulls') }} where is_this_run
),

facts as (
    {{ student_facts() }}
),

day_of_the_pull as (
    select cast(min(started_at) as date) as today from pulls
),

counted as (
    select
        facts.*,
        date_sub('year', facts.birth_date, day_of_the_pull.today) as age,
        facts.birth_date > day_of_the_pull.today as is_born_later,
        count(*) over (partition by facts.state_student_id, facts.is_duplicate) as same_state_id,
        count(*) over (
            partition by lower(facts.first_name), lower(facts.last_name), facts.birth_date, facts.is_duplicate
        ) as same_person
    from facts
    cross join day_of_the_pull
),

checked as (
    select
        student_id as record_key,
        school_id,
        position,
        case
            when is_duplicate
                then [{{ failing('students__student_id__unique', 'student records', 'student_id',
                    'true', 'duplicate_key') }}]
            else [
                {{ failing('students__student_id__required', 'students', 'student_id', 'has_blank_id', 'blank') }},
                {{ failing('students__student_id__valid', 'students', 'student_id',
                    "not has_blank_id and not regexp_full_match(student_id, '[A-Za-z0-9]{1,20}')",
                    "case when length(student_id) > 20 then 'too_long' else 'not_letters_and_digits' end") }},
                {{ failing('students__last_name__required', 'students', 'last_name', 'last_name is null', 'blank') }},
                {{ failing('students__first_name__required', 'students', 'first_name',
                    'first_name is null', 'blank') }},
                {{ failing('students__birth_date__required', 'students', 'birth_date',
                    'birth_date_text is null', 'blank') }},
                {{ failing('students__birth_date__plausible', 'students', 'birth_date',
                    '(birth_date is null and birth_date_text is not null) or is_born_later or age < 2 or age > 26',
                    "case
                        when birth_date is null then 'not_a_date'
                        when is_born_later then 'in_the_future'
                        when age < 2 then 'under_2'
                        else 'over_26'
                    end") }},
                {{ failing('students__gender__accepted', 'students', 'gender', 'gender is null',
                    "case when gender_code is null then 'blank' else 'not_in_list' end") }},
                {{ failing('students__enrollment_status__accepted', 'students', 'enrollment_status',
                    'enrollment_status is null',
                    "case when status_code is null then 'blank' else 'not_in_list' end") }},
                {{ failing('students__school_id__exists', 'students', 'school_id', 'not has_school',
                    "case when school_id is null then 'blank' else 'not_found' end") }},
                {{ failing('students__grade__accepted', 'students', 'grade', 'not has_known_grade',
                    "case when grade_code is null then 'blank' else 'not_in_list' end") }},
                {{ failing('students__state_student_id__required', 'students', 'state_student_id',
                    'state_student_id is null', 'blank') }},
                {{ failing('students__state_student_id__unique', 'students', 'state_student_id',
                    'state_student_id is not null and same_state_id > 1', 'shared') }},
                -- Nothing can be linked to a student without an id: that is one fault, not three.
                {{ failing('students__physical_address__required', 'students', 'physical_address',
                    'not has_blank_id and not has_address', 'none') }},
                {{ failing('students__guardian__required', 'students', 'guardian',
                    'not has_blank_id and not has_guardian', 'none') }},
                {{ failing('students__guardian_phone__required', 'students with a guardian', 'guardian_phone',
                    'not has_guardian_phone', 'none') }},
                {{ failing('students__twins__suspected', 'students', 'student_id',
                    'first_name is not null and last_name is not null and birth_date is not null and same_person > 1',
                    'same_name_and_birth_date') }}
            ]
        end as failures
    from counted
),

final as (
    {{ failing_records('checked') }}
)

select * from final
