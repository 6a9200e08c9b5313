with
layout as (
    select distinct file from {{ ref('import_layouts') }} where layout = '{{ var("layout") }}'
),

records as (
    select
        'students.csv' as file,
        effect,
        school_id_before,
        school_id,
        guardians_before = 0 and (select count(*) = 2 from layout) as had_no_guardian,
        guardians = 0 and (select count(*) = 2 from layout) as has_no_guardian
    from {{ ref('load_students') }}
    union all
    select
        'guardians.csv' as file,
        effect,
        school_id_before,
        school_id,
        false as had_no_guardian,
        false as has_no_guardian
    from {{ ref('load_guardians') }}
),

before as (
    select
        file,
        coalesce(school_id_before, '') as school_id,
        count(*) as before,
        count(*) filter (where effect = 'delete') as deleted,
        count(*) filter (where effect <> 'delete' and school_id_before is distinct from school_id) as moved_out,
        count(*) filter (where had_no_guardian) as without_guardian_before
    from records
    where effect <> 'add'
    group by all
),

now as (
    select
        file,
        coalesce(school_id, '') as school_id,
        count(*) as now,
        count(*) filter (where effect = 'add') as added,
        count(*) filter (where effect = 'update') as updated,
        count(*) filter (where effect = 'same') as same,
        count(*) filter (where effect = 'departed') as departed,
        count(*) filter (where effect = 'carried') as carried,
        count(*) filter (where effect <> 'add' and school_id_before is distinct from school_id) as moved_in,
        count(*) filter (where has_no_guardian) as without_guardian_now
    from records
    where effect <> 'delete'
    group by all
),

final as (
    select
        coalesce(now.school_id, before.school_id) as school_id,
        coalesce(now.file, before.file) as file,
        coalesce(before.before, 0) as before,
        coalesce(now.added, 0) as added,
        coalesce(now.updated, 0) as updated,
        coalesce(now.same, 0) as same,
        coalesce(before.deleted, 0) as deleted,
        coalesce(now.departed, 0) as departed,
        coalesce(now.carried, 0) as carried,
        coalesce(now.moved_in, 0) as moved_in,
        coalesce(before.moved_out, 0) as moved_out,
        coalesce(now.now, 0) as now,
        coalesce(before.without_guardian_before, 0) as without_guardian_before,
        coalesce(now.without_guardian_now, 0) as without_guardian_now
    from before
    full outer join now on before.file = now.file and before.school_id = now.school_id
)

select * from final
