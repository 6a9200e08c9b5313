with
links as (
    select * from {{ ref('int_student_contacts_ranked') }}
),

students as (
    select * from {{ ref('int_students_keyed') }} where set_aside_reason is null
),

contacts as (
    select * from {{ ref('int_contacts_keyed') }} where set_aside_reason is null
),

facts as (
    select
        links.*,
        students.school_id,
        students.student_id is not null as has_student,
        contacts.contact_id is not null as has_contact
    from links
    left join students on links.student_id = students.student_id
    left join contacts on links.contact_id = contacts.contact_id
),

checked as (
    select
        {{ record_key(['student_id', 'contact_id', 'contact_type']) }} as record_key,
        school_id,
        position,
        case
            when coalesce(set_aside_reason, '') = 'doubled_key'
                then [{{ failing('student_contacts__link__unique', 'contact_id', 'true', 'doubled_key') }}]
            else [
                {{ failing('student_contacts__student_id__exists', 'student_id', 'not has_student',
                    "case when student_id is null then 'blank' else 'not_found' end") }},
                {{ failing('student_contacts__contact_id__exists', 'contact_id', 'not has_contact',
                    "case when contact_id is null then 'blank' else 'not_found' end") }},
                {{ failing('student_contacts__contact_type__accepted', 'contact_type',
                    "contact_type is null or contact_type not in ('P', 'M', 'G', 'C', 'O')",
                    "case when contact_type is null then 'blank' else 'not_in_list' end") }},
                {{ failing('student_contacts__relation__required', 'relation',
                    "contact_type = 'G' and relation_code is null", 'blank') }},
                {{ failing('student_contacts__priority__plausible', 'contact_priority',
                    "contact_type = 'G' and (contact_priority = 99 or shares_priority)",
                    "case when contact_priority = 99 then 'parked_99' else 'shared' end") }}
            ]
        end as failures
    from facts
),

final as (
    {{ failing_records('checked') }}
)

select
    check_id,
    record_key,
    school_id,
    field,
    reason,
    position
from final
