"""The analyst's own SQL: it reads the district's tables, writes into its private folder, and nothing else."""

from __future__ import annotations

import shutil
import stat
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from extract.store.raw_store import open_store, patient
from qa.analyst import District
from qa.analyst.errors import DataError, QueryError
from tests.qa.analyst.conftest import KEY, STUDENTS, WorkbenchDistrict


@pytest.fixture(scope="module")
def own(workbench_district: WorkbenchDistrict, tmp_path_factory: pytest.TempPathFactory) -> WorkbenchDistrict:
    """A copy of the district, which a statement that is not refused would change."""
    data = tmp_path_factory.mktemp("own-sql")
    shutil.copytree(workbench_district.data / KEY, data / KEY, symlinks=True)
    return WorkbenchDistrict(data)


@pytest.fixture
def district(own: WorkbenchDistrict) -> District:
    return own.open()


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# What would write into a file of the district, or outside. In braces are paths.
REFUSED = [
    "copy (select 1) to '{raw}'",
    "copy (select 1) to '{raw}' (use_tmp_file false)",
    "copy (select 1) to '{raw}.wal' (use_tmp_file false)",
    "copy (select 1) to '{private}/../raw.duckdb' (use_tmp_file false)",
    "copy (select '{private}/x' as a) to '{warehouse}' (use_tmp_file false)",
    "copy /* to '{private}/x' */ students to '{warehouse}' (use_tmp_file false)",
    "copy students to ('{raw}' || '') (use_tmp_file false)",
    "explain analyze copy students to '{raw}' (use_tmp_file false)",
    "explain (analyze) copy students to '{raw}' (use_tmp_file false)",
    "copy students to '{outside}'",
    "export database '{outside}'",
    "attach '{outside}' as other",
    "detach warehouse",
    "use memory",
    "set memory_limit = '1MB'",
    "install httpfs",
    "create table memory.main.t as select 1",
    "delete from plus360.pulls",
    "import database '{private}/x'",
    "pragma import_database('{private}/x')",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_what_changes_a_file_is_refused_in_a_line(own, district, tmp_path, sql):
    folder = own.folder
    paths = {
        "raw": folder.raw,
        "warehouse": folder.night(district.run_id).warehouse.resolve(),
        "private": folder.private,
        "outside": tmp_path / "outside",
    }
    before = files(folder.path)
    for ask in (district.sql, district.relation):
        with pytest.raises(QueryError, match=r"^SQL here is read-only: one SELECT") as caught:
            ask(sql.format(**paths))
        assert caught.value._render_traceback_() == [str(caught.value)]
        assert str(folder.private) in str(caught.value)
    assert files(folder.path) == before
    assert not paths["outside"].exists()


@pytest.mark.parametrize(
    "sql",
    [
        "from read_text('/proc/self/environ')",
        "from read_csv('/etc/passwd')",
        "from glob('/etc/*')",
        "from '/etc/passwd.csv'",
        "from read_csv('http://127.0.0.1:9/x.csv')",
    ],
)
def test_other_files_can_not_be_read(district, sql):
    with pytest.raises(QueryError, match=r"^SQL here reads the district's tables, and files in its private"):
        district.sql(sql)


def test_a_copy_goes_into_the_private_folder_for_its_owner_only(own, district):
    file = own.folder.private / "o'neil students.csv"
    path = str(file).replace("'", "''")
    assert district.sql(f"copy students to '{path}'").iloc[0, 0] == STUDENTS
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(district.relation(f"from read_csv('{path}', all_varchar = true)")) == STUDENTS


def test_a_file_that_is_not_there_is_said_in_duckdbs_own_words(own, district):
    with pytest.raises(QueryError, match="No files found"):
        district.sql(f"from read_csv('{own.folder.private}/nothing.csv')")


def test_an_extension_that_is_not_there_is_not_fetched(district):
    with pytest.raises(QueryError, match="read_xlsx"):
        district.sql("from read_xlsx('a.xlsx')")


@pytest.mark.parametrize(
    ("sql", "error", "words"),
    [
        ("", DataError, "There is no SQL statement to run."),
        (" ;", DataError, "There is no SQL statement to run."),
        (None, DataError, 'The SQL must be a text, such as "from students".'),
        ("select 1; select 2", QueryError, "These are 2 SQL statements: run one at a time."),
        ("use memory; detach raw_store", QueryError, "These are 2 SQL statements: run one at a time."),
    ],
)
def test_what_is_not_one_statement_is_said_plainly(district, sql, error, words):
    for ask in (district.sql, district.relation):
        with pytest.raises(error) as caught:
            ask(sql)
        assert str(caught.value) == words


def test_the_librarys_own_variables_are_no_tables(district):
    for name in ("con", "result", "frame"):
        with pytest.raises(QueryError, match="does not exist"):
            district.sql(f"from {name}")


@pytest.mark.parametrize(
    "sql",
    [
        "pivot students on grade using count(*)",
        "explain from students",
        "explain (format json) from students",
        "explain analyze (select 1)",
    ],
)
def test_other_statements_that_read_are_allowed(district, sql):
    assert len(district.sql(sql)) > 0


def test_parameters_have_names_or_an_order(district):
    assert district.sql("select ? + ? as n", [1, 2])["n"][0] == 3
    assert district.relation("select $a as n", {"a": 1}).fetchall() == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "select nope from students",
        "select error('x') from students",
        "from con",
        "attach '{raw}' as other (read_only); select 1",
        "from read_csv('/etc/passwd')",
    ],
)
def test_no_file_stays_open_after_an_error_that_is_kept(own, district, sql):
    kept = []  # as IPython keeps the last traceback
    for ask in (district.sql, district.relation):
        with pytest.raises(QueryError) as caught:
            ask(sql.format(raw=own.folder.raw))
        kept.append(caught)
    with patient(0), closing(open_store(own.folder.raw)) as store:  # fails while somebody reads the file
        store.execute("select 1")
    with duckdb.connect(str(own.folder.night(district.run_id).warehouse)) as warehouse:
        warehouse.execute("select 1")
    assert len(kept) == 2
