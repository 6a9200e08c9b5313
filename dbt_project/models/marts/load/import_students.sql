{#- The file is in this order, so that a diff tool can compare two nightly runs: the setting keeps it. -#}
{{ config(
    pre_hook="set preserve_insertion_order = true",
    post_hook="set preserve_insertion_order = false"
) }}

with
students as (
    select * from {{ ref('students') }}
),

rejects as (
    select * from {{ ref('import_rejects') }} where import = 'students'
),

carried as (
    select * from {{ ref('import_carried') }} where import = 'students'
),

published as (
    select * from {{ ref('int_students_published') }}
),

accepted as (
    select students.*
    from students
    anti join rejects on students.position = rejects.position
),

received as (
    select
        student_id,
        last_name,
        middle_name,
        first_name,
        strftime(birth_date, '%Y-%m-%d') as birth_date,
        gender,
        enrollment_status,
        {{ to_file_text('grade') }} as grade,
        {{ to_file_text('physical_street_line') }} as street_line,
        {{ to_file_text('physical_city') }} as city,
        {{ to_file_text('physical_state') }} as state,
        {{ to_file_text('physical_postal_code') }} as postal_code,
        {{ to_file_text('coalesce(federal_race_code, ethnic_code)') }} as race,
        {{ to_file_text('home_district_id') }} as home_district_id,
        {{ to_file_text('residence_county_code') }} as residence_county_code,
        {{ to_file_text('attending_district_id') }} as attending_district_id,
        {{ to_file_text('state_student_id') }} as state_student_id,
        school_name,
        {{ to_file_text('state_school_id') }} as state_school_id,
        student_id as sis_internal_id,
        school_id,
        cast(null as varchar) as kept_as
    from accepted
),

kept as (
    select
        published.* replace (
            case
                when carried.kept_as = 'departed' then 'INACTIVE'
                -- INACTIVE was our word for a student who was gone: one who is back is what the district says.
                when published.kept_as = 'departed'
                    then coalesce(students.enrollment_status, published.enrollment_status)
                else published.enrollment_status
            end as enrollment_status,
            coalesce(students.school_id, published.school_id) as school_id,
            carried.kept_as as kept_as
        )
    from published
    inner join carried on published.student_id = carried.student_id
    left join students on published.student_id = students.student_id
),

rows_of_the_file as (
    select * from received
    union all by name
    select * from kept
),

final as (
    select
        student_id,
        last_name,
        middle_name,
        first_name,
        birth_date,
        gender,
        enrollment_status,
        grade,
        street_line,
        city,
        state,
        postal_code,
        race,
        home_district_id,
        residence_county_code,
        attending_district_id,
        state_student_id,
        school_name,
        state_school_id,
        sis_internal_id,
        school_id,
        kept_as
    from rows_of_the_file
    order by student_id asc
)

select * from final
