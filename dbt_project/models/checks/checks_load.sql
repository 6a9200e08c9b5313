{#- A quarantined duplicate is not counted as a row of a file: the record that was kept is. -#}
with
students as (
    select * from {{ ref('int_students_keyed') }} where coalesce(quarantine_reason, '') <> 'duplicate_key'
),

guardians as (
    select * from {{ ref('int_student_contacts_ranked') }}
    where contact_type = 'G' and coalesce(quarantine_reason, '') <> 'duplicate_key'
),

rejects as (
    select * from {{ ref('import_rejects') }} where reason <> 'duplicate_key'
),

files as (
    select
        'students' as import,
        (select count(*) from students) as records,
        (select count(*) from {{ ref('import_students') }}) as rows
    union all
    select
        'guardians' as import,
        (select count(*) from guardians) as records,
        (select count(*) from {{ ref('import_guardians') }}) as rows
),

-- For each file, the check that refuses the most rows: directly, through the school or through the student.
refused as (
    select
        import,
        check_id as refused_by,
        count(distinct position) as refused
    from rejects
    group by import, check_id
    qualify row_number() over (partition by import order by refused desc, check_id asc) = 1
),

facts as (
    select
        files.import || '.csv' as file,
        files.records,
        files.rows,
        refused.refused_by,
        coalesce(refused.refused, 0) as refused
    from files
    left join refused on files.import = refused.import
),

failures as (
    select
        'load__files__not_empty' as check_id,
        file as field,
        coalesce(refused_by, 'no_records') as reason,
        refused,
        records
    from facts
    where rows = 0
    union all
    select
        'load__refused__plausible' as check_id,
        file as field,
        refused_by as reason,
        refused,
        records
    from facts
    where refused >= 20 and refused >= records / 2
),

final as (
    select
        check_id,
        cast(null as varchar) as record_key,
        cast(null as varchar) as school_id,
        field,
        reason,
        cast(null as bigint) as position,
        refused,
        records
    from failures
)

select * from final
