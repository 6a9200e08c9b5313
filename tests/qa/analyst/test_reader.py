"""The files of a run: pinned, opened read-only for one question at a time, and every failure is one line."""

from __future__ import annotations

import shutil
import signal
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from district.endpoints import ENDPOINTS
from extract.store.raw_store import open_store, patient
from qa.analyst import District
from qa.analyst.errors import DataError, QueryError, plain_errors
from tests.qa.analyst.conftest import KEY, STUDENTS, WorkbenchDistrict


@pytest.fixture
def own(workbench_district: WorkbenchDistrict, tmp_path: Path) -> WorkbenchDistrict:
    """A copy of the district, to be changed."""
    shutil.copytree(workbench_district.data / KEY, tmp_path / "data" / KEY, symlinks=True)
    return WorkbenchDistrict(tmp_path / "data")


def test_it_reads_the_latest_run_or_the_one_that_is_named(workbench_district):
    first, held, latest = workbench_district.run_ids
    assert workbench_district.open().run_id == latest
    assert workbench_district.open("").run_id == latest
    assert workbench_district.open(first).run_id == first
    with pytest.raises(DataError, match=rf"There is no run 'x'; there are {latest}, {held}"):
        workbench_district.open("x")


def test_a_district_that_is_not_there_is_said_in_a_line(workbench_district):
    data = workbench_district.data
    with pytest.raises(DataError) as caught:
        District("maple", data)
    assert str(caught.value) == f"There is no district 'maple' in {data}; there are {KEY}."
    with pytest.raises(DataError, match=r"^There is no district 'maple' in \S+, and no other one\. [^\n]+$"):
        District("maple", data / "elsewhere")


@pytest.mark.parametrize(
    "query",
    ["show all tables", "describe students", "summarize students", "pragma database_list", "select 1;"],
)
def test_any_statement_with_a_result_can_be_asked(workbench_district, query):
    district = workbench_district.open()
    assert len(district.sql(query)) > 0
    assert district.relation(query).columns == district.sql(query).columns.tolist()


def test_tables_need_no_schema(workbench_district):
    district = workbench_district.open()
    assert district.sql("select count(*) as n from students")["n"][0] == STUDENTS
    received = district.sql("select count(*) as n from Student where run_id = $run", {"run": district.run_id})
    assert received["n"][0] >= STUDENTS


def test_nothing_can_be_changed(workbench_district):
    with pytest.raises(QueryError, match="read-only"):
        workbench_district.open().sql("delete from plus360.pulls")


def test_wrong_sql_is_one_line_with_duckdbs_own_words(workbench_district):
    with pytest.raises(QueryError) as caught:
        workbench_district.open().sql("select *\nfrom studens")
    assert str(caught.value).count("\n") == 0
    assert 'Did you mean "students"? (line 2)' in str(caught.value)
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_no_file_stays_open(own):
    district = own.open()
    relation = district.relation("from students")
    district.sql("from students")
    with closing(open_store(own.folder.raw)) as store:  # fails while somebody reads the file
        store.execute("select 1")
    with duckdb.connect(str(own.folder.night(district.run_id).warehouse)) as warehouse:
        warehouse.execute("select 1")
    assert len(relation) == STUDENTS


def test_a_file_that_is_being_written_is_said_in_a_line(own):
    district = own.open()
    with closing(open_store(own.folder.raw)), patient(0), pytest.raises(DataError) as caught:
        district.nights()
    assert str(caught.value) == "A nightly run is writing to this district. Try again when it has finished."


def test_a_damaged_warehouse_is_said_in_a_line_and_what_was_received_is_there(own):
    district = own.open()
    warehouse = own.folder.night(district.run_id).warehouse
    warehouse.chmod(0o600)
    warehouse.write_bytes(b"DUCK" * 4096)
    with pytest.raises(DataError, match=r"^The warehouse of run \S+ can't be read: it is damaged\.[^\n]+\.$"):
        district.sql("select 1")
    assert district.records("Student").shape[0] == STUDENTS
    assert len(district.nights()) == 3
    assert len(district.endpoints()) == 7


def test_a_damaged_store_is_said_with_its_name_as_it_is(own):
    district = own.open()
    own.folder.raw.write_bytes(b"DUCK" * 4096)
    with pytest.raises(DataError, match=r"^raw\.duckdb [^\n]*damaged"):
        district.nights()


@pytest.mark.parametrize("key", ["", "../x", "maple-grove/../maple-grove", "Maple", ".", None])
def test_a_district_is_named_by_its_key(workbench_district, key):
    with pytest.raises(DataError, match="is no key of a district"):
        District(key, workbench_district.data)


def test_a_newer_published_run_is_offered_once(own, capsys):
    first, _, latest = own.run_ids
    district = own.open(first)
    for _ in range(2):
        district.nights()
    assert capsys.readouterr().out.count(f"A newer run was published: {latest}.") == 1
    assert district.refresh() is district
    assert district.run_id == latest
    district.nights()
    assert not capsys.readouterr().out


def test_without_its_own_warehouse_a_run_is_read_with_the_published_one(own, capsys):
    _, held, latest = own.run_ids
    own.folder.night(held).warehouse.unlink(missing_ok=True)
    district = own.open(held)
    assert len(district.sql("from students")) == STUDENTS
    district.sql("select 1")
    said = capsys.readouterr().out
    assert said.count(f"Run {held} has no warehouse") == 1
    assert f"the published run {latest}" in said


def test_a_run_that_is_no_longer_kept_is_said_in_a_line(own):
    district = own.open()
    with closing(open_store(own.folder.raw)) as store:
        store.execute("delete from plus360.pulls where run_id = ?", [district.run_id])
    with pytest.raises(DataError, match=rf"Run {district.run_id} is no longer kept\. d\.refresh\(\) moves"):
        district.nights()
    with closing(open_store(own.folder.raw)) as store:
        store.execute("delete from plus360.pulls")
    with pytest.raises(DataError, match="No data has been pulled"):
        district.refresh()


def test_too_little_memory_is_said_in_a_line():
    small = {"memory_limit": "10MB", "temp_directory": ""}
    with (
        closing(duckdb.connect(config=small)) as con,
        pytest.raises(DataError, match="not enough memory"),
        plain_errors(),
    ):
        con.execute("select list(i) from range(100000000) t(i)")


@pytest.mark.parametrize(
    "ask",
    [
        lambda d: d.sql("select count(distinct hash(a)) from range(1000000) as r(a)"),
        lambda d: d.compare().rows,
        lambda d: d.labels("Student"),
    ],
    ids=["sql", "compare", "labels"],
)
def test_an_interrupted_question_is_an_interruption_and_the_next_one_is_answered(workbench_district, ask):
    district = workbench_district.open()
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            while True:
                ask(district)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert len(district.compare().rows) == len(ENDPOINTS)


def test_an_older_run_has_its_own_records_in_sql(workbench_district):
    first, *_, last = workbench_district.run_ids
    older, newest = workbench_district.open(first), workbench_district.open(last)
    for name in ("Student", 'latest."Student"'):
        received = f"select count(*) as records, min(run_id) as run_id from {name}"
        assert older.sql(received).values.tolist() == [[150, first]]
        assert newest.sql(received).values.tolist() == [[151, last]]
    assert older.sql('select count("lastName") from Student').iloc[0, 0] == 150
    assert len(older.relation("from Student")) == 150
