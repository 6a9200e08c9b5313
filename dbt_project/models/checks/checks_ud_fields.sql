with
ud_fields as (
    select * from {{ ref('int_ud_fields_keyed') }} where coalesce(set_aside_reason, '') <> 'doubled_key'
),

students as (
    select * from {{ ref('int_students_keyed') }} where set_aside_reason is null
),

final as (
    select
        'ud_fields__student_id__exists' as check_id,
        {{ record_key(['ud_fields.student_id'], 'ud_fields.position') }} as record_key,
        cast(null as varchar) as school_id,
        'student_id' as field,
        case when ud_fields.student_id is null then 'blank' else 'not_found' end as reason,
        ud_fields.position
    from ud_fields
    anti join students on ud_fields.student_id = students.student_id
)

select
    check_id,
    record_key,
    school_id,
    field,
    reason,
    position
from final
