{%- set fields = [
    'district_id', 'contact_id', 'title', 'salutation', 'first_name', 'middle_name', 'last_name',
    'generation_suffix', 'language', 'home_language', 'use_for_mailing', 'employer', 'email',
    'email_preference', 'education_level', 'changed_at'
] -%}

with
source as (
    {{ raw_fields('Contact', fields, labels_by_field('Contact', this_run())) }}
),

final as (
    select
        position,
        {{ to_key('district_id') }} as district_id,
        {{ to_key('contact_id') }} as contact_id,
        {{ to_name('title') }} as title,
        {{ to_name('salutation') }} as salutation,
        {{ to_name('first_name') }} as first_name,
        {{ to_name('middle_name') }} as middle_name,
        {{ to_name('last_name') }} as last_name,
        first_name as first_name_text,
        middle_name as middle_name_text,
        last_name as last_name_text,
        {{ to_suffix('generation_suffix') }} as generation_suffix,
        {{ to_code('language') }} as language,
        {{ to_code('home_language') }} as home_language,
        {{ to_flag('use_for_mailing') }} as is_for_mailing,
        {{ to_name('employer') }} as employer,
        email,
        email_preference,
        education_level,
        {{ to_timestamp('changed_at') }} as changed_at,
        has_duplicate_label
    from source
)

select * from final
