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

prepared as (
    select
        facts.*,
        date_sub('year', facts.birth_date, day_of_the_pull.today) as age,
        facts.birth_date > day_of_the_pull.today as is_born_later,
        lower(facts.first_name || '|' || facts.last_name) as full_name,
        coalesce(
            {{ name_fault('facts.first_name_text') }},
            {{ name_fault('facts.middle_name_text') }},
            {{ name_fault('facts.last_name_text') }}
        ) as name_fault,
        regexp_matches(
            concat_ws(' ', facts.first_name, facts.middle_name, facts.last_name, facts.generation_suffix),
            '(?i)(^|[^\p{L}])(dupe?|dupes|duplicated?|do[^\p{L}]*not[^\p{L}]*use|test)([^\p{L}]|$)'
        ) as is_marked,
        -- Ids that some system may take for one: 0042 and 42, ab1 and AB1.
        count(*) over (partition by lower(ltrim(facts.student_id, '0')), facts.is_duplicate) as same_id
    from facts
    cross join day_of_the_pull
),

-- Of those with one state id, how many have the same name, the same birth date, or both.
counted as (
    select
        prepared.*,
        full_name is not null and birth_date is not null as is_known,
        count(*) over (partition by state_student_id, is_duplicate) as same_state_id,
        count(*) over (partition by state_student_id, is_duplicate, is_known) as known,
        count(*) over (partition by state_student_id, is_duplicate, is_known, full_name) as same_name,
        count(*) over (partition by state_student_id, is_duplicate, is_known, birth_date) as same_birth_date,
        count(*) over (partition by state_student_id, is_duplicate, is_known, full_name, birth_date) as same_both,
        count(*) over (partition by full_name, birth_date, is_duplicate) as same_person
    from prepared
),

judged as (
    select
        counted.*,
        state_student_id is not null and same_state_id > 1 as shares_state_id,
        -- Another student has neither the name nor the birth date: neither a typo nor a twin.
        is_known and known - same_name - same_birth_date + same_both > 0 as is_of_another
    from counted
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
            when has_duplicate_label
                then [{{ failing('students__labels__unique', 'student records', 'labels',
                    'true', 'duplicate_label') }}]
            else [
                {{ failing('students__student_id__required', 'students', 'student_id', 'has_blank_id', 'blank') }},
                {{ failing('students__student_id__valid', 'students', 'student_id',
                    "not has_blank_id and not regexp_full_match(student_id, '[A-Za-z0-9]{1,20}')",
                    "case when length(student_id) > 20 then 'too_long' else 'not_letters_and_digits' end") }},
                {{ failing('students__last_name__required', 'students', 'last_name', 'last_name is null', 'blank') }},
                {{ failing('students__first_name__required', 'students', 'first_name',
                    'first_name is null', 'blank') }},
                {{ failing('students__birth_date__required', 'students', 'birth_date',
                    'birth_date is null',
                    "case when birth_date_text is null then 'blank' else 'not_a_date' end") }},
                {{ failing('students__birth_date__plausible', 'students', 'birth_date',
                    'is_born_later or age < 2 or age > 26',
                    "case
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
                    'shares_state_id and not is_of_another', 'shared') }},
                {{ failing('students__state_student_id__shared', 'students', 'state_student_id',
                    'shares_state_id and is_of_another', 'other_name_and_birth_date') }},
                {{ failing('students__student_id__case_unique', 'students', 'student_id',
                    'not has_blank_id and same_id > 1', 'same_but_for_case_or_zeros') }},
                {{ failing('students__name__characters', 'students', 'name',
                    'name_fault is not null', 'judged.name_fault') }},
                {{ failing('students__name__marked_duplicate', 'enrolled students', 'name',
                    'is_marked', 'marked') }},
                -- Nothing can be linked to a student without an id: that is one fault, not three.
                {{ failing('students__physical_address__required', 'students', 'physical_address',
                    'not has_blank_id and not has_address', 'none') }},
                {{ failing('students__guardian__required', 'students', 'guardian',
                    'not has_blank_id and not has_guardian', 'none') }},
                {{ failing('students__guardian_phone__required', 'students with a guardian', 'guardian_phone',
                    'not has_guardian_phone', 'none') }},
                {{ failing('students__twins__suspected', 'students', 'name',
                    'first_name is not null and last_name is not null and birth_date is not null and same_person > 1',
                    'same_name_and_birth_date') }}
            ]
        end as failures
    from judged
),

final as (
    {{ failing_records('checked') }}
)

select * from final
