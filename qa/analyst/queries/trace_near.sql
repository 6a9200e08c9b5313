-- One row per Student record that contains an id, near the position that the student has in one run.
with
students as (
    select * from raw_store.plus360."Student"
    where position between $first and $last and contains(payload, $text)
),

final as (
    select
        run_id,
        position,
        cast(payload as varchar) as payload
    from students
)

select * from final
order by
    run_id asc,
    position asc
