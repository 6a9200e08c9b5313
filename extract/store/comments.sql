-- What each table and column of raw.duckdb is, as `show all tables` and any database browser tells it. dbt's
-- sources say the same of the tables that models read, which a test compares. A statement with $endpoint is run
-- once for each of the seven endpoints.

comment on table plus360.schema_version is 'One row per version of this file''s tables that it was made as or upgraded to.';
comment on column plus360.schema_version.version is 'The version; the highest one is the file''s.';

comment on table plus360."$endpoint" is 'One row per $endpoint record and run.';
comment on column plus360."$endpoint".run_id is 'The run that pulled the record.';
comment on column plus360."$endpoint".endpoint is 'The endpoint that sent it.';
comment on column plus360."$endpoint".position is 'Its place in the pull, from 0.';
comment on column plus360."$endpoint".landed_at is 'When it was stored, UTC.';
comment on column plus360."$endpoint".payload is 'The record as received.';

comment on table plus360.pulls is 'One row per run and endpoint. How the pull of it ended.';
comment on column plus360.pulls.run_id is 'The run, as its start in UTC; sorts by time.';
comment on column plus360.pulls.endpoint is 'One of the seven endpoints.';
comment on column plus360.pulls.state is 'complete, unreconciled, refused or broken.';
comment on column plus360.pulls.rows is 'Records that were stored.';
comment on column plus360.pulls.pages is 'Pages that were read.';
comment on column plus360.pulls.reported_total is 'The server''s own total, where it gave one.';
comment on column plus360.pulls.http_status is 'The status of the last answer.';
comment on column plus360.pulls.seconds is 'What the pull took.';
comment on column plus360.pulls.started_at is 'Start of the pull, UTC.';
comment on column plus360.pulls.finished_at is 'End of the pull, UTC.';
comment on column plus360.pulls.message is 'One line for people, never data.';
comment on column plus360.pulls.stripped_labels is 'Labels that no one should store; they were not stored.';
comment on column plus360.pulls.retries is 'Requests sent again.';
comment on column plus360.pulls.passes is 'Readings of the endpoint; more than 1 where rows and total differed or a key was on two pages.';
comment on column plus360.pulls.outcome is 'What happened: a code of extract/outcomes.py.';
comment on column plus360.pulls.replaced_characters is 'Characters that could not be read and were replaced by U+FFFD.';

comment on table history.nights is 'One row per nightly run.';
comment on column history.nights.run_id is 'The run; sorts by time.';
comment on column history.nights.started_at is 'Start of the nightly run, UTC.';
comment on column history.nights.finished_at is 'End of the nightly run, UTC.';
comment on column history.nights.verdict is 'published, held, stopped or failed.';
comment on column history.nights.counts is 'Rows of each mart in that run.';

comment on table history.checks is 'One row per nightly run and check. How the check ended.';
comment on column history.checks.run_id is 'The nightly run.';
comment on column history.checks.check_id is 'The check: entity, field and rule.';
comment on column history.checks.level is 'stop, error or warn.';
comment on column history.checks.state is 'passed, failed, not_evaluated or crashed.';
comment on column history.checks.failed is 'Records that fail it; null where they are too few to be shown.';
comment on column history.checks.total is 'Records that it looks at.';

comment on table history.loads is 'One row per nightly run, import file and field: how many values were lost, of how many. Without a field it counts guardians.';
comment on column history.loads.run_id is 'The nightly run.';
comment on column history.loads.file is 'students.csv or guardians.csv.';
comment on column history.loads.field is 'The field that was emptied; null for records deleted.';
comment on column history.loads.base is 'Records or filled values before.';
comment on column history.loads.lost is 'Records deleted or values emptied.';

comment on table history.effects is 'One row per nightly run, import file and effect. What the load did, or would have done.';
comment on column history.effects.run_id is 'The nightly run.';
comment on column history.effects.file is 'students.csv or guardians.csv.';
comment on column history.effects.effect is 'What happens to a record, such as added, changed or deleted.';
comment on column history.effects.records is 'How many records; null where they are too few to be shown.';

comment on table history.schools_shown is 'One row per item, and school that was named for it. What the shared files said last of single schools.';
comment on column history.schools_shown.item is 'What was counted.';
comment on column history.schools_shown.run_id is 'The nightly run that said it.';
comment on column history.schools_shown.total is 'Records of all schools.';
comment on column history.schools_shown.school_id is 'The school; null where none was named.';
comment on column history.schools_shown.number is 'Records of the school.';

comment on table history.labels is 'One row per endpoint and label that any nightly run received.';
comment on column history.labels.endpoint is 'One of the seven endpoints.';
comment on column history.labels.label is 'The label, as the server spells it.';
comment on column history.labels.first_run_id is 'The first nightly run that received it. What the first recorded run received is not new.';
comment on column history.labels.last_run_id is 'The last nightly run that received it.';

comment on table history.imports is 'One row per published or held nightly run and import file, as it was written.';
comment on column history.imports.run_id is 'The nightly run.';
comment on column history.imports.file is 'students.csv or guardians.csv.';
comment on column history.imports.rows is 'Records of the file.';
comment on column history.imports.sha256 is 'Hash of the file.';

comment on table history.decisions is 'One row per decision of a person on a held nightly run, or on a pause.';
comment on column history.decisions.run_id is 'The nightly run; null for a pause and its end.';
comment on column history.decisions.decision is 'released, discarded, paused or resumed.';
comment on column history.decisions.decided_at is 'When';
comment on column history.decisions.decided_by is 'Who decided.';
comment on column history.decisions.reason is 'Why, in the words of the person.';
comment on column history.decisions.until is 'Of a pause: the first day that is not paused.';
comment on column history.decisions.holds is 'The rules, scopes and counts that were decided on.';

comment on table history.deliveries is 'One row per attempt to send the import of a published run.';
comment on column history.deliveries.run_id is 'The nightly run.';
comment on column history.deliveries.started_at is 'Start of the attempt, UTC.';
comment on column history.deliveries.finished_at is 'End of the attempt, UTC.';
comment on column history.deliveries.host is 'The host, as in the district''s settings.';
comment on column history.deliveries.outcome is 'What happened: a code of qa/delivery/outcomes.py.';
comment on column history.deliveries.files is 'What was sent: rows and hash of each file.';

comment on table history.pseudonyms is 'One row per record that a shared file speaks of. What its pseudonym stands for.';
comment on column history.pseudonyms.kind is 'The mart of the record, such as students.';
comment on column history.pseudonyms.record_key is 'The key of the record; the parts of a key of several columns are joined by a slash.';
comment on column history.pseudonyms.pseudonym is 'The code in the report and in qa.json, such as P-G9BH-22G6.';
