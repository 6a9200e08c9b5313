-- One row per endpoint and run that received it completely: its records.
select
    run_id,
    endpoint,
    rows as records
from raw_store.plus360.pulls
where state = 'complete'
order by run_id
