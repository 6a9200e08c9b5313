{#- Every Student record is in students.csv or refused; every guardian link is in guardians.csv or refused. -#}
{{ config(
    severity='error',
    tags=['integrity'],
    meta={'broken': 'a record is neither in the import nor among the refused records'}
) }}

with
students as (
    select
        'students' as import,
        (select count(*) from {{ ref('int_students_keyed') }}) as records,
        (select count(*) from {{ ref('import_students') }}) as imported,
        (
            select count(distinct rejects.position) from {{ ref('import_rejects') }} as rejects
            where rejects.import = 'students'
        ) as refused
),

guardians as (
    select
        'guardians' as import,
        (
            select count(*) from {{ ref('int_student_contacts_ranked') }} as links
            where links.contact_type = 'G'
        ) as records,
        (select count(*) from {{ ref('import_guardians') }}) as imported,
        (
            select count(distinct rejects.position) from {{ ref('import_rejects') }} as rejects
            where rejects.import = 'guardians'
        ) as refused
)

select
    import,
    records,
    imported,
    refused
from students
where records <> imported + refused
union all
select
    import,
    records,
    imported,
    refused
from guardians
where records <> imported + refused
