-- One row per record of a student in this import or the last one: what the load does with it.
with
students as (
    select * from warehouse.load_effects.load_students where student_id = $student_id
),

guardians as (
    select * from warehouse.load_effects.load_guardians where student_id = $student_id
),

final as (
    select
        'students.csv' as file,
        cast(null as varchar) as contact_id,
        effect,
        cause,
        refused_by,
        carried_since,
        replaced_by_student_id as replaced_by,
        changed_fields
    from students
    union all
    select
        'guardians.csv' as file,
        contact_id,
        effect,
        cause,
        refused_by,
        carried_since,
        replaced_by_contact_id as replaced_by,
        changed_fields
    from guardians
)

select * from final
order by
    file desc,
    contact_id asc
