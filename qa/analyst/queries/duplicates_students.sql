-- One row per student who shares name and birth date, or the state id, with another one; the largest groups first.
with
students as (
    select * from warehouse.intermediate.int_students_keyed
),

schools as (
    select * from warehouse.marts.schools
),

alike as (
    select
        position,
        'name and birth date' as shared,
        concat_ws('|', lower(first_name), lower(last_name), birth_date) as shared_value
    from students
    where first_name is not null and last_name is not null and birth_date is not null
    union all
    select
        position,
        'state id' as shared,
        lower(state_student_id) as shared_value
    from students
    where state_student_id is not null
    union all
    select
        position,
        'student id' as shared,
        ltrim(lower(student_id), '0') as shared_value
    from students
    where student_id is not null
),

counted as (
    select
        *,
        count(*) over (partition by shared, shared_value) as people
    from alike
),

final as (
    select
        dense_rank() over (order by counted.people desc, counted.shared asc, counted.shared_value asc) as "group",
        counted.people,
        counted.shared,
        concat_ws(
            ' ', students.first_name, students.middle_name, students.last_name, students.generation_suffix
        ) as name,
        students.birth_date,
        students.grade,
        coalesce(schools.name, students.school_id) as school,
        coalesce('quarantined: ' || students.quarantine_reason, students.enrollment_status) as status,
        students.state_student_id,
        students.student_id
    from counted
    inner join students on counted.position = students.position
    left join schools on students.school_id = schools.school_id
    where counted.people > 1
    order by
        counted.people desc,
        counted.shared asc,
        counted.shared_value asc,
        students.student_id asc
)

select * from final
