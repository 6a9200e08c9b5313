with
links as (
    select * from {{ ref('int_student_contacts_ranked') }} where quarantine_reason is null
),

final as (
    select
        student_id,
        contact_id,
        contact_type,
        contact_rank,
        contact_priority,
        relation_code,
        relation,
        is_living_with,
        is_legal_guardian,
        is_custodial_guardian,
        has_web_access,
        is_mailed_attendance,
        is_mailed_discipline,
        is_mailed_fees,
        is_mailed_progress_report,
        is_mailed_medical,
        is_mailed_report_card,
        is_mailed_student_plan,
        is_mailed_schedule,
        is_transporting_to,
        is_transporting_from,
        comments,
        district_id,
        changed_at,
        position
    from links
)

select * from final
