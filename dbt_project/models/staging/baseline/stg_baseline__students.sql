{{ config(materialized='ephemeral') }}

with
students as (
    select * from {{ source('baseline', 'students') }}
),

-- Where the run's own notes are missing, the state's id of the building tells the building.
buildings as (
    select
        state_school_id,
        min(school_id) as school_id
    from {{ ref('stg_plus360__schools') }}
    where state_school_id is not null
    group by state_school_id
),

final as (
    select
        students.student_id,
        students.last_name,
        students.middle_name,
        students.first_name,
        students.birth_date,
        students.gender,
        students.enrollment_status,
        students.grade,
        students.street_line,
        students.city,
        students.state,
        students.postal_code,
        students.race,
        students.home_district_id,
        students.residence_county_code,
        students.attending_district_id,
        students.state_student_id,
        students.school_name,
        students.state_school_id,
        students.sis_internal_id,
        coalesce(students.school_id, buildings.school_id) as school_id,
        students.kept_as
    from students
    left join buildings on students.state_school_id = buildings.state_school_id
)

select * from final
