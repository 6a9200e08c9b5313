with
students as (
    select * from {{ ref('stg_plus360__students') }}
),

codes as (
    select * from {{ ref('int_codes') }}
),

coded as (
    select
        students.* replace (genders.value as gender, coalesce(grades.value, students.grade) as grade),
        students.gender as gender_code,
        students.grade as grade_code,
        grades.code is not null as has_known_grade,
        statuses.value as enrollment_status
    from students
    left join codes as genders on genders.code_set = 'gender' and students.gender = genders.code
    left join codes as grades on grades.code_set = 'grade' and students.grade = grades.code
    left join codes as statuses
        on statuses.code_set = 'enrollment_status' and students.status_code = statuses.code
),

final as (
    select
        coded.*,
        {{ quarantine_reason(['student_id']) }} as quarantine_reason
    from coded
)

select * from final
