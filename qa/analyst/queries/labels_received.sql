-- One row per label that a record of an endpoint has in a run.
with
label_sets as (
    select distinct json_keys(payload) as labels
    from query_table($table)
    where run_id = $run_id
),

final as (
    select distinct unnest(labels) as label
    from label_sets
)

select * from final
order by label
