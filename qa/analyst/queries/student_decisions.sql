-- One row per reason why the student is not sent as received.
with
rejects as (
    select * from warehouse.marts.import_rejects where import = 'students' and student_id = $student_id
),

carried as (
    select * from warehouse.marts.import_carried where import = 'students' and student_id = $student_id
),

final as (
    select
        coalesce(rejects.check_id, carried.check_id) as check_id,
        rejects.reason,
        carried.kept_as,
        carried.since_run_id,
        carried.runs
    from rejects
    full outer join carried on rejects.student_id = carried.student_id
    order by check_id asc nulls last
)

select * from final
