{{ config(materialized='ephemeral') }}

with
guardians as (
    select * from {{ source('baseline', 'guardians') }}
),

students as (
    select * from {{ ref('stg_baseline__students') }}
),

final as (
    select
        guardians.student_id,
        guardians.contact_id,
        guardians.relation,
        guardians.first_name,
        guardians.middle_name,
        guardians.last_name,
        guardians.street_line,
        guardians.city,
        guardians.state,
        guardians.postal_code,
        guardians.home_phone,
        guardians.work_phone,
        guardians.cell_phone,
        guardians.email,
        guardians.priority,
        guardians.lives_with,
        guardians.legal_guardian,
        students.school_id,
        guardians.kept_as
    from guardians
    left join students on guardians.student_id = students.student_id
)

select * from final
