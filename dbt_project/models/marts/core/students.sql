with
students as (
    select * from {{ ref('int_students_keyed') }} where quarantine_reason is null
),

schools as (
    select * from {{ ref('schools') }}
),

addresses as (
    select * from {{ ref('int_student_addresses') }}
),

joined as (
    select
        students.*,
        schools.name as school_name,
        schools.state_school_id,
        coalesce(schools.is_out_of_district, false) as is_out_of_district,
        coalesce(students.enrollment_status = 'PRE_ENROLLED', false) as is_preregistered,
        addresses.physical_street_line,
        addresses.physical_city,
        addresses.physical_state,
        addresses.physical_postal_code,
        addresses.mailing_street_line,
        addresses.mailing_city,
        addresses.mailing_state,
        addresses.mailing_postal_code,
        addresses.home_phone,
        case
            when
                students.first_name is not null
                and students.last_name is not null
                and students.birth_date is not null
                and count(*) over (same_person) > 1
                then min(students.student_id) over (same_person)
        end as suspected_twin_group_id
    from students
    left join schools on students.school_id = schools.school_id
    left join addresses on students.student_id = addresses.student_id
    window same_person as (
        partition by lower(students.first_name), lower(students.last_name), students.birth_date
    )
),

final as (
    select
        student_id,
        state_student_id,
        first_name,
        middle_name,
        last_name,
        generation_suffix,
        nickname,
        birth_date,
        gender,
        gender_identity,
        grade,
        status_code,
        enrollment_status,
        is_preregistered,
        school_id,
        school_name,
        state_school_id,
        is_out_of_district,
        home_school_id,
        alternate_school_id,
        homeroom,
        language,
        native_language,
        ethnic_code,
        federal_race_code,
        is_hispanic,
        has_iep,
        has_section_504_plan,
        has_ferpa_name,
        has_ferpa_address,
        has_ferpa_phone,
        physical_street_line,
        physical_city,
        physical_state,
        physical_postal_code,
        mailing_street_line,
        mailing_city,
        mailing_state,
        mailing_postal_code,
        home_phone,
        home_district_id,
        attending_district_id,
        residence_county_code,
        district_enrollment_date,
        suspected_twin_group_id,
        district_id,
        changed_at,
        position
    from joined
)

select * from final
