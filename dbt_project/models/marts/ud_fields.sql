with
final as (
    select * from {{ ref('int_ud_fields_keyed') }} where set_aside_reason is null
)

select
    student_id,
    fields,
    district_id,
    changed_at,
    position
from final
