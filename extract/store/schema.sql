-- raw.duckdb: every pull of a district as received, for the last runs, and the history that outlives them.
-- A statement with $endpoint is run once for each of the seven endpoints.
-- To change a table of an existing file, add a step to upgrade.sql and raise SCHEMA_VERSION in raw_store.py:
-- "if not exists" never adds a column.

create schema if not exists plus360;

create schema if not exists history;

create schema if not exists latest;

create table if not exists plus360.schema_version (
    version integer not null
);

create table if not exists plus360."$endpoint" (
    run_id varchar not null,
    endpoint varchar not null,
    position bigint not null,                     -- 0-based, in the order of the pull
    landed_at timestamp not null,                 -- UTC
    payload json not null using compression zstd  -- as received, without pulls.stripped_labels
);

create table if not exists plus360.pulls (
    run_id varchar not null,
    endpoint varchar not null,
    state varchar not null,
    rows bigint not null,
    pages integer not null,
    reported_total bigint,
    http_status integer,
    seconds double not null,
    started_at timestamp not null,
    finished_at timestamp not null,
    message varchar not null,
    stripped_labels varchar[] not null,
    retries integer not null,
    passes integer not null,
    outcome varchar,
    replaced_characters bigint,                   -- of the landed records; U+FFFD stands where each was
    primary key (run_id, endpoint)
);

create table if not exists history.nights (
    run_id varchar primary key,
    started_at timestamp,
    finished_at timestamp,
    verdict varchar,
    counts json
);

create table if not exists history.checks (
    run_id varchar,
    check_id varchar,
    level varchar,
    state varchar,
    failed bigint,
    total bigint
);

-- What each judged load took away: guardians deleted (field is null), or values emptied, of those there were.
create table if not exists history.loads (
    run_id varchar,
    file varchar,
    field varchar,
    base bigint,
    lost bigint
);

-- What each judged load did, or would have done, as its qa.json shows it; null where it was of few people.
create table if not exists history.effects (
    run_id varchar,
    file varchar,
    effect varchar,
    records bigint
);

-- What the shared files said of single schools, as long as it is not renewed; no school: that none was named.
create table if not exists history.schools_shown (
    item varchar,
    run_id varchar,
    total bigint,
    school_id varchar,
    number bigint
);

-- The labels of each endpoint, and the first and the last run that received them. What is in the first recorded run
-- is not new.
create table if not exists history.labels (
    endpoint varchar,
    label varchar,
    first_run_id varchar,
    last_run_id varchar
);

-- The import files of published and held runs, as they were written.
create table if not exists history.imports (
    run_id varchar,
    file varchar,
    rows bigint,
    sha256 varchar
);

-- Who decided what, when and why. A pause and its end belong to no run.
create table if not exists history.decisions (
    run_id varchar,
    decision varchar,       -- released, discarded, paused, resumed
    decided_at timestamp,   -- UTC
    decided_by varchar,
    reason varchar,
    until date,             -- of a pause: the first day that is not paused
    holds json              -- the rules, scopes and counts that were decided on
);

-- Each time that the import of a published run was sent where the district's settings say, and how that ended.
create table if not exists history.deliveries (
    run_id varchar,
    started_at timestamp,   -- UTC
    finished_at timestamp,  -- UTC
    host varchar,           -- of the district's settings
    outcome varchar,        -- a code of qa.delivery.outcomes
    files json              -- what was sent: for each file its rows and sha256
);

create table if not exists history.pseudonyms (
    kind varchar,
    record_key varchar,
    pseudonym varchar
);
