{%- set fields = [
    'district_id', 'student_id', 'first_name', 'middle_name', 'last_name', 'generation_suffix',
    'nickname', 'school_id', 'home_school_id', 'grade', 'gender', 'gender_identity', 'language',
    'native_language', 'homeroom', 'status_code', 'birth_date', 'home_district_id',
    'attending_district_id', 'alternate_school_id', 'district_enrollment_date',
    'residence_county_code', 'state_student_id', 'ethnic_code', 'is_hispanic', 'federal_race_code',
    'has_iep', 'has_section_504_plan', 'ferpa_name', 'ferpa_address', 'ferpa_phone', 'changed_at'
] -%}

with
source as (
    {{ raw_fields('Student', fields, labels_by_field('Student', this_run())) }}
),

final as (
    select
        position,
        {{ to_key('district_id') }} as district_id,
        {{ to_key('student_id') }} as student_id,
        {{ to_name('first_name') }} as first_name,
        {{ to_name('middle_name') }} as middle_name,
        {{ to_name('last_name') }} as last_name,
        first_name as first_name_text,
        middle_name as middle_name_text,
        last_name as last_name_text,
        {{ to_suffix('generation_suffix') }} as generation_suffix,
        {{ to_name('nickname') }} as nickname,
        {{ to_key('school_id') }} as school_id,
        {{ to_key('home_school_id') }} as home_school_id,
        {{ to_code('grade') }} as grade,
        {{ to_code('gender') }} as gender,
        {{ to_code('gender_identity') }} as gender_identity,
        {{ to_code('language') }} as language,
        {{ to_code('native_language') }} as native_language,
        homeroom,
        {{ to_code('status_code') }} as status_code,
        {{ to_date('birth_date') }} as birth_date,
        birth_date as birth_date_text,
        {{ to_key('home_district_id') }} as home_district_id,
        {{ to_key('attending_district_id') }} as attending_district_id,
        {{ to_key('alternate_school_id') }} as alternate_school_id,
        {{ to_date('district_enrollment_date') }} as district_enrollment_date,
        residence_county_code,
        {{ to_key('state_student_id') }} as state_student_id,
        ethnic_code,
        {{ to_flag('is_hispanic') }} as is_hispanic,
        federal_race_code,
        {{ to_flag('has_iep') }} as has_iep,
        {{ to_flag('has_section_504_plan') }} as has_section_504_plan,
        {{ to_flag('ferpa_name') }} as has_ferpa_name,
        {{ to_flag('ferpa_address') }} as has_ferpa_address,
        {{ to_flag('ferpa_phone') }} as has_ferpa_phone,
        {{ to_timestamp('changed_at') }} as changed_at,
        has_duplicate_label
    from source
)

select * from final
