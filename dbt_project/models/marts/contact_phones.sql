with
final as (
    select * from {{ ref('int_contact_phones_ranked') }} where set_aside_reason is null
)

select
    contact_id,
    phone_type,
    phone_kind,
    phone_rank,
    phone_number,
    extension,
    phone_text,
    is_listed,
    phone_priority,
    district_id,
    changed_at,
    position
from final
