-- One row per endpoint that at least one of two runs received completely: the records of each; null where it did not.
select
    endpoint,
    any_value(rows) filter (where run_id = $before) as "before",
    any_value(rows) filter (where run_id = $after) as "after"
from raw_store.plus360.pulls
where state = 'complete' and run_id in ($before, $after)
group by endpoint
