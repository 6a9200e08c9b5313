{#- The file is in this order, so that a diff tool can compare two nightly runs: the setting keeps it. -#}
{{ config(
    pre_hook="set preserve_insertion_order = true",
    post_hook="set preserve_insertion_order = false"
) }}

{#- The layout of students.csv: the names and the order of the columns are the import's own. -#}
with
students as (
    select * from {{ ref('students') }}
),

rejects as (
    select * from {{ ref('import_rejects') }} where import = 'students'
),

accepted as (
    select students.*
    from students
    anti join rejects on students.position = rejects.position
),

final as (
    select
        student_id as "Student Id",
        last_name as "Last Name",
        middle_name as "Middle Name",
        first_name as "First Name",
        birth_date as "Date of Birth",
        gender as "Gender",
        enrollment_status as "District Enrollment",
        grade as "Grade",
        physical_street_line as "Address",
        physical_city as "City",
        physical_state as "State",
        physical_postal_code as "Zip",
        coalesce(federal_race_code, ethnic_code) as "Race",
        home_district_id as "District of Residence",
        residence_county_code as "County of Residence",
        attending_district_id as "District of Service",
        state_student_id as "Student Reporting Id",
        school_name as "Building",
        state_school_id as "Building Reporting Id",
        student_id as "SIS Internal ID"
    from accepted
    order by "Student Id" asc
)

select * from final
