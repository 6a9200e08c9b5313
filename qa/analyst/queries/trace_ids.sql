-- One row per student id that an id may stand for: the same but for leading zeros and case, or nearly the same.
with
received as (
    select * from warehouse.intermediate.int_students_keyed where student_id is not null
),

loaded as (
    select * from warehouse.load_effects.load_students
),

known as (
    select student_id from received
    union
    select student_id from loaded
),

compared as (
    select
        student_id,
        student_id = $student as is_exact,
        ltrim(lower(student_id), '0') = ltrim(lower($student), '0') as is_same,
        levenshtein(student_id, $student) as distance
    from known
),

final as (
    select
        student_id,
        is_exact,
        is_same
    from compared
    where is_same or distance <= 2
    order by
        is_exact desc,
        is_same desc,
        distance asc,
        student_id asc
    limit 20
)

select * from final
