-- One row per label of an endpoint that any run before this one received: the first and the last run that did.
select
    label,
    min(first_run_id) as first_run_id,
    max(last_run_id) as last_run_id
from raw_store.history.labels
where endpoint = $endpoint and first_run_id < $run_id
group by label
order by label
