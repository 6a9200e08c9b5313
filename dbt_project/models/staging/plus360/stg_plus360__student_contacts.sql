{%- set fields = [
    'district_id', 'student_id', 'contact_id', 'contact_type', 'contact_priority', 'relation_code',
    'is_living_with', 'has_web_access', 'mails_attendance', 'mails_discipline', 'mails_fees',
    'mails_progress_report', 'mails_medical', 'mails_report_card', 'mails_student_plan',
    'mails_schedule', 'is_legal_guardian', 'is_custodial_guardian', 'transports_to',
    'transports_from', 'comments', 'changed_at'
] -%}

with
source as (
    {{ raw_fields('StudentContact', fields, labels_by_field('StudentContact', this_run())) }}
),

final as (
    select
        position,
        {{ to_key('district_id') }} as district_id,
        {{ to_key('student_id') }} as student_id,
        {{ to_key('contact_id') }} as contact_id,
        {{ to_code('contact_type') }} as contact_type,
        {{ to_integer('contact_priority') }} as contact_priority,
        {{ to_code('relation_code') }} as relation_code,
        {{ to_flag('is_living_with') }} as is_living_with,
        {{ to_flag('has_web_access') }} as has_web_access,
        {{ to_flag('mails_attendance') }} as is_mailed_attendance,
        {{ to_flag('mails_discipline') }} as is_mailed_discipline,
        {{ to_flag('mails_fees') }} as is_mailed_fees,
        {{ to_flag('mails_progress_report') }} as is_mailed_progress_report,
        {{ to_flag('mails_medical') }} as is_mailed_medical,
        {{ to_flag('mails_report_card') }} as is_mailed_report_card,
        {{ to_flag('mails_student_plan') }} as is_mailed_student_plan,
        {{ to_flag('mails_schedule') }} as is_mailed_schedule,
        {{ to_flag('is_legal_guardian') }} as is_legal_guardian,
        {{ to_flag('is_custodial_guardian') }} as is_custodial_guardian,
        {{ to_flag('transports_to') }} as is_transporting_to,
        {{ to_flag('transports_from') }} as is_transporting_from,
        comments,
        {{ to_timestamp('changed_at') }} as changed_at,
        has_duplicate_label
    from source
)

select * from final
