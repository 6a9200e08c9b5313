with
ud_fields as (
    select * from {{ ref('stg_plus360__ud_fields') }}
),

-- List screens give a student several records. What tells them apart are their numbers and their labels; where the
-- district sends no number, all that they hold: only a record that was sent twice is a duplicate.
told_apart as (
    select
        ud_fields.*,
        case
            when coalesce(screen_number, field_number, list_sequence) is null then cast(fields as varchar)
            else array_to_string(list_sort(json_keys(fields)), chr(10))
        end as content
    from ud_fields
),

keyed as (
    select
        told_apart.*,
        {{ quarantine_reason(['student_id'], ['screen_number', 'field_number', 'list_sequence', 'content']) }}
            as quarantine_reason
    from told_apart
),

final as (
    select
        position,
        district_id,
        student_id,
        screen_number,
        field_number,
        list_sequence,
        fields,
        changed_at,
        has_duplicate_label,
        quarantine_reason,
        -- The order of the screens and their lists; the server's order where there are no numbers.
        case
            when quarantine_reason is null
                then row_number() over (
                    partition by student_id, quarantine_reason is null
                    order by
                        {{ to_integer('screen_number') }} asc nulls last,
                        {{ to_integer('field_number') }} asc nulls last,
                        {{ to_integer('list_sequence') }} asc nulls last,
                        position asc
                )
        end as entry_number
    from keyed
)

select * from final
