-- One row per Student record that contains an id, anywhere in the runs that are named.
with
students as (
    select * from raw_store.plus360."Student"
    where run_id in (select unnest(cast($runs as varchar[]))) and contains(payload, $text)
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
