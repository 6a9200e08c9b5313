with
facts as (
    {{ school_facts() }}
),

checked as (
    select
        {{ record_key(['school_id']) }} as record_key,
        school_id,
        position,
        case
            when is_duplicate
                then [{{ failing('schools__school_id__unique', 'school records', 'school_id',
                    'true', 'duplicate_key') }}]
            when has_duplicate_label
                then [{{ failing('schools__labels__unique', 'school records', 'labels', 'true', 'duplicate_label') }}]
            else [
                {{ failing('schools__name__required', 'schools', 'name', 'name is null', 'blank') }},
                {{ failing('schools__state_school_id__required', 'schools', 'state_school_id',
                    'state_school_id is null', 'blank') }}
            ]
        end as failures
    from facts
),

final as (
    {{ failing_records('checked') }}
)

select * from final
