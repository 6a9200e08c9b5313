-- One row per run that is kept: how many of its seven pulls are complete, and how many records they stored.
select
    run_id,
    min(started_at) as started_at,
    count(*) filter (where state = 'complete') as complete,
    cast(sum(rows) as bigint) as rows
from pulls
group by run_id
order by run_id desc
