-- One row per student who is in the import, and not among the students received: who is no longer sent, or whose record
-- has lost its id. Where Student was not received, no one knows who these are.
with
imported as (
    select * from warehouse.marts.import_students
),

received as (
    select * from warehouse.intermediate.int_students_keyed
),

carried as (
    select * from warehouse.marts.import_carried where import = 'students'
),

checks as (
    select * from warehouse.checks.check_results
),

final as (
    select
        row_number() over (order by imported.student_id) as position,
        imported.student_id,
        imported.state_student_id,
        imported.first_name,
        imported.middle_name,
        imported.last_name,
        try_cast(imported.birth_date as date) as birth_date,
        imported.birth_date as birth_date_text,
        imported.grade,
        coalesce(imported.school_name, imported.school_id) as school,
        carried.kept_as,
        carried.since_run_id,
        coalesce(checks.title, '') as why
    from imported
    inner join carried on imported.student_id = carried.student_id
    left join checks on carried.check_id = checks.check_id
    anti join received on imported.student_id = received.student_id
    where not list_contains(cast($missing as varchar[]), 'Student')
)

select * from final
