-- One row per endpoint, in the order of the setup guide: how its pull ended in a run.
with
pulls as (
    select * from raw_store.plus360.pulls
),

final as (
    select
        endpoint,
        state,
        rows as records,
        reported_total,
        outcome,
        http_status,
        pages,
        retries,
        seconds,
        stripped_labels,
        message
    from pulls
    where run_id = $run_id
    order by list_position($endpoints, endpoint)
)

select * from final
