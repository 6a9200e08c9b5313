with
students as (
    select * from {{ ref('import_students') }} where enrollment_status in ('ENROLLED', 'PRE_ENROLLED')
),

guardians as (
    select
        student_id,
        count(*) as guardians
    from {{ ref('import_guardians') }}
    group by student_id
),

counted as (
    select least(coalesce(guardians.guardians, 0), 4) as guardians
    from students
    left join guardians on students.student_id = guardians.student_id
),

final as (
    select
        cast(guardians as integer) as guardians,
        count(*) as students
    from counted
    group by guardians
)

select * from final
