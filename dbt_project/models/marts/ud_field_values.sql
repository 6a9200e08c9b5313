with
ud_fields as (
    select * from {{ ref('ud_fields') }}
),

entries as (
    select
        student_id,
        unnest(map_entries(try_cast(fields as map (varchar, varchar)))) as entry
    from ud_fields
),

final as (
    select
        student_id,
        entry.key as label,
        {{ blank_to_null('entry.value') }} as value
    from entries
)

select
    student_id,
    label,
    value
from final
