{#-
Every Student record is in students.csv as received or refused, and every guardian link is in guardians.csv as received
or refused; every other row of a file is one that was kept. A file that the layout omits has no rows to account for.
-#}
{{ config(
    severity='error',
    tags=['integrity'],
    meta={'broken': 'a record is neither in the import nor among the refused records'}
) }}

with
links as (
    select * from {{ ref('int_student_contacts_ranked') }} where contact_type = 'G'
),

rows_in_files as (
    select
        'students' as import,
        kept_as
    from {{ ref('import_students') }}
    union all
    select
        'guardians' as import,
        kept_as
    from {{ ref('import_guardians') }}
),

refused as (
    select
        rejects.import,
        count(distinct rejects.position) as records
    from {{ ref('import_rejects') }} as rejects
    left join links on rejects.import = 'guardians' and rejects.position = links.position
    where rejects.import = 'students' or links.position is not null
    group by rejects.import
),

carried as (
    select
        import,
        count(*) as records
    from {{ ref('import_carried') }}
    group by import
),

records as (
    select
        'students' as import,
        (select count(*) from {{ ref('int_students_keyed') }}) as records
    union all
    select
        'guardians' as import,
        (select count(*) from links) as records
),

counts as (
    select
        records.import,
        records.records,
        (
            select count(*) from rows_in_files
            where rows_in_files.import = records.import and rows_in_files.kept_as is null
        ) as received,
        (
            select count(*) from rows_in_files
            where rows_in_files.import = records.import and rows_in_files.kept_as is not null
        ) as kept,
        coalesce(refused.records, 0) as refused,
        coalesce(carried.records, 0) as carried
    from records
    inner join {{ ref('import_files') }} as files on records.import || '.csv' = files.file
    left join refused on records.import = refused.import
    left join carried on records.import = carried.import
)

select
    import,
    records,
    received,
    refused,
    kept,
    carried
from counts
where records <> received + refused or kept <> carried
