-- One row per decision of the build on a record of the family: quarantined, refused, or sent as last published.
with
quarantined as (
    select * from warehouse.marts.quarantined_records
    where
        position in (select unnest(cast($positions as bigint[])))
        and endpoint || '/' || position in (select unnest(cast($records as varchar[])))
),

rejects as (
    select * from warehouse.marts.import_rejects where student_id = $student_id
),

carried as (
    select * from warehouse.marts.import_carried where student_id = $student_id
),

state as (
    select * from warehouse.marts.import_state where student_id = $student_id and effect = 'refused'
),

final as (
    select
        1 as place,
        if(rejects.import = 'students', 'students.csv', 'guardians.csv') as file,
        rejects.contact_id,
        if(rejects.reason = 'merged_duplicate', 'merged', 'refused') as decision,
        rejects.check_id,
        rejects.reason,
        state.since_run_id,
        state.runs,
        rejects.position
    from rejects
    left join state
        on rejects.import = state.file and rejects.contact_id is not distinct from nullif(state.contact_id, '')
    union all
    select
        2 as place,
        if(carried.import = 'students', 'students.csv', 'guardians.csv') as file,
        carried.contact_id,
        carried.kept_as as decision,
        carried.check_id,
        if(carried.kept_as = 'departed', 'not_in_sis', null) as reason,
        carried.since_run_id,
        carried.runs,
        null as position
    from carried
    union all
    select
        3 as place,
        quarantined.endpoint as file,
        quarantined.record_key as contact_id,
        'quarantined' as decision,
        null as check_id,
        quarantined.reason,
        null as since_run_id,
        null as runs,
        quarantined.position
    from quarantined
)

select
    file,
    contact_id,
    decision,
    check_id,
    reason,
    since_run_id,
    runs,
    position
from final
order by
    file = 'students.csv' desc,
    place asc,
    file desc,
    contact_id asc,
    check_id asc,
    position asc
