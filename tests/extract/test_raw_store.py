"""raw.duckdb: what it keeps, what it forgets, and that a reader finds it as documented."""

import duckdb
import pytest

from district.endpoints import ENDPOINTS
from district.run_id import new_run_id
from extract.errors import StoreUnreadableError
from extract.store.raw_store import FILE_NAME, KEPT_RUNS, open_store, prune, read_store


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "d" / FILE_NAME) as opened:
        yield opened


def add_run(store, run_id, verdict=None):
    store.execute(
        "insert into plus360.pulls select ?, 'School', 'complete', 1, 1, 1, 200, 0, now()::timestamp, "
        "now()::timestamp, '', [], 0, 1",
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
            "history.nights",
            "history.checks",
            "history.pseudonyms",
        }
        with pytest.raises(duckdb.InvalidInputException):
            store.execute("delete from plus360.pulls")


def test_reading_what_is_not_there_is_told(tmp_path):
    with pytest.raises(StoreUnreadableError):
        read_store(tmp_path / FILE_NAME)


def test_run_ids_sort_by_time():
    ids = [new_run_id() for _ in range(1000)]
    assert ids == sorted(ids)


def test_nothing_spills_outside_the_districts_folder(tmp_path):
    path = tmp_path / FILE_NAME
    with open_store(path) as store:
        assert store.execute("select current_setting('temp_directory')").fetchall() == [(f"{path}.tmp",)]
    with read_store(path) as store:
        assert store.execute("select current_setting('temp_directory')").fetchall() == [("",)]
