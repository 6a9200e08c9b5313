"""raw.duckdb: what it keeps, what it forgets, and that a reader finds it as documented."""

import duckdb
import pytest

from district.endpoints import ENDPOINTS
from district.run_id import new_run_id
from extract.errors import StoreDamagedError, StoreUnreadableError
from extract.store.raw_store import FILE_NAME, SCHEMA_VERSION, last_run_id, open_store, read_store
from extract.store.retention import KEPT_RUNS, prune
from tests.damaged_database import damage


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "d" / FILE_NAME) as opened:
        yield opened


def add_run(store, run_id, verdict=None):
    store.execute(
        "insert into plus360.pulls select ?, 'School', 'complete', 1, 1, 1, 200, 0, now()::timestamp, "
        "now()::timestamp, '', [], 0, 1, 'complete', 0",
        [run_id],
    )
    store.execute(
        """insert into plus360."School" values (?, 'School', 0, now()::timestamp, '{"building": 1}')""",
        [run_id],
    )
    store.execute("insert into history.nights values (?, null, null, ?, null)", [run_id, verdict])


def runs(store):
    kept = [run for (run,) in store.execute("select run_id from plus360.pulls order by run_id").fetchall()]
    rows = store.execute('select run_id from plus360."School" order by run_id').fetchall()
    assert kept == [run for (run,) in rows]
    return kept


def test_the_last_runs_are_kept_with_room_for_the_next(store):
    for number in range(20):
        add_run(store, f"run-{number:02d}", "stopped")
    prune(store)
    assert runs(store) == [f"run-{number:02d}" for number in range(20 - KEPT_RUNS + 1, 20)]
    assert store.execute("select count(*) from history.nights").fetchall() == [(20,)]


def test_the_two_last_published_nights_outlive_a_bad_fortnight(store):
    for number in range(20):
        add_run(store, f"run-{number:02d}", "published" if number < 3 else "failed")
    prune(store)
    assert runs(store)[:3] == ["run-01", "run-02", "run-07"]


def test_opening_again_keeps_what_is_there(tmp_path):
    path = tmp_path / FILE_NAME
    with open_store(path) as store:
        add_run(store, "run-1")
    with open_store(path) as store:
        assert runs(store) == ["run-1"]


def test_readers_find_all_tables(tmp_path):
    path = tmp_path / FILE_NAME
    open_store(path).close()
    with read_store(path) as store:
        tables = {
            f"{schema}.{name}"
            for schema, name in store.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = 'store'"
            ).fetchall()
        }
        assert tables == {f"plus360.{endpoint.name}" for endpoint in ENDPOINTS} | {
            "plus360.pulls",
            "plus360.schema_version",
            "history.nights",
            "history.checks",
            "history.decisions",
            "history.effects",
            "history.imports",
            "history.deliveries",
            "history.labels",
            "history.loads",
            "history.pseudonyms",
            "history.schools_shown",
        }
        with pytest.raises(duckdb.InvalidInputException):
            store.execute("delete from plus360.pulls")


def test_reading_what_is_not_there_is_told(tmp_path):
    with pytest.raises(StoreUnreadableError):
        read_store(tmp_path / FILE_NAME)


@pytest.mark.parametrize("open_file", [open_store, read_store], ids=["write", "read"])
def test_damage_that_opening_comes_upon_is_named(tmp_path, open_file):
    path = tmp_path / FILE_NAME
    with open_store(path) as store:
        add_run(store, "run-1")
    damage(path, "plus360.pulls")
    with pytest.raises(StoreDamagedError, match=r"raw\.duckdb is damaged\. Restore a copy of it"):
        open_file(path)


def test_run_ids_sort_by_time():
    ids = [new_run_id() for _ in range(1000)]
    assert ids == sorted(ids)


def test_nothing_spills_outside_the_districts_folder(tmp_path):
    path = tmp_path / FILE_NAME
    with open_store(path) as store:
        assert store.execute("select current_setting('temp_directory')").fetchall() == [(f"{path}.tmp",)]
    with read_store(path) as store:
        assert store.execute("select current_setting('temp_directory')").fetchall() == [("",)]


# As version 1 made it; its schema was called raw at first.
FIRST_DDL = """
    create schema {schema};
    create schema history;
    create table {schema}."Student" (
        run_id varchar not null, endpoint varchar not null, position bigint not null,
        landed_at timestamp not null, payload json not null using compression zstd
    );
    create table {schema}.pulls (
        run_id varchar not null, endpoint varchar not null, state varchar not null, rows bigint not null,
        pages integer not null, reported_total bigint, http_status integer, seconds double not null,
        started_at timestamp not null, finished_at timestamp not null, message varchar not null,
        stripped_labels varchar[] not null, retries integer not null, passes integer not null,
        primary key (run_id, endpoint)
    );
    create table history.nights (
        run_id varchar primary key, started_at timestamp, finished_at timestamp, verdict varchar, counts json
    );
    insert into {schema}."Student" values ('run-1', 'Student', 0, now()::timestamp, '{{"a": "1.0" }}');
    insert into {schema}.pulls values
        ('run-1', 'Student', 'complete', 1, 1, 1, 200, 0, now()::timestamp, now()::timestamp, '', [], 0, 1),
        ('run-1', 'Contact', 'refused', 0, 0, null, 403, 0, now()::timestamp, now()::timestamp, '', [], 0, 1);
    insert into history.nights values ('run-1', null, null, 'stopped', null);
"""


@pytest.fixture(params=["raw", "plus360"])
def old_file(request, tmp_path):
    path = tmp_path / FILE_NAME
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as old (storage_version 'v1.5.0')")
        connection.execute("use old")
        connection.execute(FIRST_DDL.format(schema=request.param))
    return path


@pytest.mark.parametrize("open_file", [open_store, read_store], ids=["write", "read"])
def test_an_older_file_is_upgraded_in_place(old_file, open_file):
    for _ in range(2):
        with open_file(old_file) as store:
            pulls = "select endpoint, state, outcome from plus360.pulls order by 1"
            assert store.execute(pulls).fetchall() == [
                ("Contact", "refused", "not_recorded"),
                ("Student", "complete", "complete"),
            ]
            payloads = store.execute('select payload from plus360."Student"').fetchall()
            assert payloads == [('{"a": "1.0" }',)]
            assert store.execute("select verdict from history.nights").fetchall() == [("stopped",)]
            assert store.execute("from plus360.schema_version").fetchall() == [(SCHEMA_VERSION,)]
            schemas = store.execute(
                "select count(*) from duckdb_schemas() where database_name = 'store' and schema_name = 'raw'"
            )
            assert schemas.fetchall() == [(0,)]
    assert last_run_id(old_file) == "run-1"


@pytest.mark.parametrize("open_file", [open_store, read_store], ids=["write", "read"])
def test_a_file_of_a_newer_version_is_refused_in_one_line(tmp_path, open_file):
    path = tmp_path / FILE_NAME
    with open_store(path) as store:
        store.execute("update plus360.schema_version set version = ?", [SCHEMA_VERSION + 1])
    with pytest.raises(StoreUnreadableError, match=r"newer version of plus360\. Install that version"):
        open_file(path)
