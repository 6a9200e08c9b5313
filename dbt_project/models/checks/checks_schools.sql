with
schools as (
    select * from {{ ref('int_schools_keyed') }}
),

checked as (
    select
        {{ record_key(['school_id']) }} as record_key,
        school_id,
        position,
        case
            when set_aside_reason = 'doubled_key'
                then [{{ failing('schools__school_id__unique', 'school_id', 'true', 'doubled_key') }}]
            else [
                {{ failing('schools__name__required', 'name', 'name is null', 'blank') }},
                {{ failing('schools__state_school_id__required', 'state_school_id',
                    'state_school_id is null', 'blank') }}
            ]
        end as failures
    from schools
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
