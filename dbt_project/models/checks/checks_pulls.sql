with
facts as (
    select
        *,
        max(rows_before) filter (where endpoint = 'Student') over () as students_before
    from ({{ pull_facts() }})
),

labels as (
    {{ label_facts() }}
),

failures as (
    select
        'pull__endpoints__complete' as check_id,
        endpoint as field,
        coalesce(state, 'not_pulled') as reason
    from facts
    where not is_received
    union all
    select
        'pull__rows__reconciled' as check_id,
        endpoint as field,
        state as reason
    from facts
    where state = 'unreconciled' and outcome is distinct from 'order_unstable'
    union all
    select
        'pull__keys__unique_across_pages' as check_id,
        endpoint as field,
        outcome as reason
    from facts
    where outcome = 'order_unstable'
    union all
    select
        'pull__rows__stable' as check_id,
        endpoint as field,
        'dropped' as reason
    from facts
    where
        is_received
        and rows < rows_before * (1 - {{ var('fall_threshold') }})
        and rows_before - rows > 10
        -- One family is more than a fifth of a district of eight.
        and (students_before >= 50 or rows < rows_before * 0.5)
    union all
    select
        'pull__characters__readable' as check_id,
        endpoint as field,
        'unreadable_character' as reason
    from facts
    where replaced_characters > 0
    union all
    select
        'pull__labels__mapped' as check_id,
        endpoint || '.' || name as field,
        reason
    from labels
    where reason is not null
),

final as (
    select
        check_id,
        cast(null as varchar) as record_key,
        cast(null as varchar) as school_id,
        field,
        reason,
        cast(null as bigint) as position
    from failures
)

select * from final
