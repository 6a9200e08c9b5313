with
students as (
    select * from {{ ref('import_students') }}
),

guardians as (
    select * from {{ ref('import_guardians') }}
),

carried as (
    select * from {{ ref('import_carried') }}
),

rejects as (
    select * from {{ ref('import_rejects') }}
    where reason not in ('duplicate_key', 'merged_duplicate')
),

students_tonight as (
    select * from {{ ref('students') }}
),

before as (
    select * from {{ ref('stg_baseline__state') }} where effect = 'refused'
),

status as (
    select * from {{ ref('stg_baseline__status') }}
),

refused as (
    select
        rejects.import,
        rejects.student_id,
        rejects.contact_id,
        min(rejects.check_id) as check_id
    from rejects
    -- Who is kept as last published is in the file, and so is who is also sent in a record that is not refused.
    anti join students on rejects.import = 'students' and rejects.student_id = students.student_id
    anti join guardians
        on
            rejects.import = 'guardians'
            and rejects.student_id = guardians.student_id
            and rejects.contact_id = guardians.contact_id
    group by rejects.import, rejects.student_id, rejects.contact_id
),

final as (
    select
        'students' as file,
        students.student_id,
        cast(null as varchar) as contact_id,
        students.school_id,
        coalesce(students.kept_as, 'received') as effect,
        carried.check_id,
        carried.since_run_id,
        carried.runs
    from students
    left join carried on carried.import = 'students' and students.student_id = carried.student_id
    union all
    select
        'guardians' as file,
        carried.student_id,
        carried.contact_id,
        students.school_id,
        carried.kept_as as effect,
        carried.check_id,
        carried.since_run_id,
        carried.runs
    from carried
    left join students on carried.student_id = students.student_id
    where carried.import = 'guardians'
    union all
    select
        refused.import as file,
        -- An id that can't be read is an empty text here, and a null when it is read back.
        coalesce(refused.student_id, '') as student_id,
        if(refused.import = 'guardians', coalesce(refused.contact_id, ''), null) as contact_id,
        students_tonight.school_id,
        'refused' as effect,
        refused.check_id,
        coalesce(before.since_run_id, {{ this_run() }}) as since_run_id,
        -- As in import_carried: the published run itself, built again, is not counted twice.
        greatest(
            coalesce(before.runs, 0) + cast(status.run_id is distinct from {{ this_run() }} as bigint), 1
        ) as runs
    from refused
    cross join status
    left join before
        on
            refused.import = before.file
            and refused.student_id is not distinct from before.student_id
            and refused.contact_id is not distinct from before.contact_id
    left join students_tonight on refused.student_id = students_tonight.student_id
)

select * from final
