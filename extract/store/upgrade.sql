-- What turns an older raw.duckdb into one of the current version. Each step may be run again after an interruption.
-- Version 2: plus360.pulls records the outcome of each pull.

alter table plus360.pulls add column if not exists outcome varchar;

update plus360.pulls set outcome = if(state = 'complete', 'complete', 'not_recorded') where outcome is null;

-- Version 3: history.loads, history.imports and history.decisions are new; schema.sql makes them.

-- Version 4: plus360.pulls counts the characters that could not be read.

alter table plus360.pulls add column if not exists replaced_characters bigint;

-- Version 5: history.effects and history.labels are new; schema.sql makes them.

-- Version 6: history.deliveries is new; schema.sql makes it.

-- Version 7: history.labels says when each label was received last; null until the next build. The schema latest is new.

alter table history.labels add column if not exists last_run_id varchar;
