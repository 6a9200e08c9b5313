-- One row per Student record with the id; the one that is used comes first.
with
students as (
    select * from warehouse.intermediate.int_students_keyed where student_id = $student_id
),

schools as (
    select * from warehouse.marts.schools
),

final as (
    select
        students.*,
        schools.name as school_name
    from students
    left join schools on students.school_id = schools.school_id
    order by
        students.quarantine_reason is null desc,
        students.position asc
)

select * from final
