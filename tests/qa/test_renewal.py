"""Two nights can't be subtracted from each other: what is shown of a school stays until much has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.store.raw_store import open_store
from qa.audit.runs import between
from qa.contract import QaDocument
from qa.failing.contract import SchoolBand
from qa.profile.contract import SchoolCompleteness
from qa.redaction.schools.bands import bands_shown
from qa.redaction.schools.renewal import Renewal
from tests.qa.conftest import EMAIL, TONIGHT, DistrictFolder, run_id_of

ITEM = "contacts__email__valid"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(open_store(tmp_path / "raw.duckdb")) as con:
        yield con


def run(day: int) -> str:
    return run_id_of(TONIGHT + timedelta(days=day))


def shown(store: duckdb.DuckDBPyConnection, day: int, records: dict[str, int]) -> dict[str, int]:
    renewal = Renewal(store, run(day))
    numbers = renewal.shown(ITEM, sum(records.values()), lambda: bands_shown(records, len(records)))
    renewal.write()
    return dict(numbers)


def test_a_band_that_one_record_would_change_stays(store) -> None:
    """19 of 35 at school 101, then 20 of 36: both bands together would say so."""
    before = {"101": 19, "102": 8, "103": 8, "104": 0, "105": 0}
    now = before | {"101": 20}
    assert bands_shown(before, 5) == {"101": 10}
    assert bands_shown(now, 5) == {"101": 20}
    assert shown(store, 0, before) == {"101": 10}
    assert shown(store, 1, now) == {"101": 10}


def test_a_band_is_renewed_once_twenty_records_more_fail(store) -> None:
    before = {"101": 19, "102": 8, "103": 8, "104": 0, "105": 0}
    assert shown(store, 0, before) == {"101": 10}
    assert shown(store, 1, before | {"101": 38}) == {"101": 10}
    assert shown(store, 2, before | {"101": 39}) == {"101": 30}
    assert Renewal(store, run(3)).shown(ITEM, 55, dict) == {"101": 30}


def test_that_no_school_was_named_stays_too(store) -> None:
    assert shown(store, 0, {"1": 9, "2": 4, "3": 3}) == {}
    assert shown(store, 1, {"1": 10, "2": 6, "3": 5}) == {}


def test_a_run_that_is_checked_again_says_the_same(store) -> None:
    records = {"101": 19, "102": 8, "103": 8, "104": 0, "105": 0}
    assert shown(store, 0, records) == shown(store, 0, records) == {"101": 10}
    assert store.execute("select count(*) from history.schools_shown").fetchall() == [(2,)]


def turn_over(store: duckdb.DuckDBPyConnection, day: int, added: int) -> None:
    store.execute("insert into history.nights values (?, now(), now(), 'published', null)", [run(day)])
    store.execute("insert into history.effects values (?, 'guardians.csv', 'add', ?)", [run(day), added])


def large(store: duckdb.DuckDBPyConnection, day: int, sizes: dict[str, int]) -> set[str]:
    renewal = Renewal(store, run(day))
    schools = renewal.large_schools(
        "large/guardians", "guardians.csv", lambda: {one: 1 for one, size in sizes.items() if size >= 50}
    )
    renewal.write()
    return schools


def test_a_school_that_grows_from_49_to_50_does_not_show_it(store) -> None:
    assert large(store, 0, {"101": 300, "901": 49}) == {"101"}
    turn_over(store, 1, 1)
    assert large(store, 2, {"101": 300, "901": 50}) == {"101"}
    turn_over(store, 2, 49)
    assert large(store, 3, {"101": 300, "901": 60}) == {"101", "901"}


COUNTS = st.lists(st.integers(0, 60), min_size=3, max_size=6)


@settings(max_examples=60, deadline=None)
@given(nights=st.lists(COUNTS, min_size=2, max_size=6))
def test_no_two_nights_give_a_school_away(nights) -> None:
    """Whatever changes: what is shown is of the night on which the total had last moved by twenty."""
    schools = min(map(len, nights))
    with duckdb.connect() as con:
        con.execute("create schema history")
        con.execute(
            "create table history.schools_shown "
            "(item varchar, run_id varchar, total bigint, school_id varchar, number bigint)"
        )
        renewed: tuple[int, dict[str, int]] | None = None
        for day, counts in enumerate(nights):
            records = {f"{n}": number for n, number in enumerate(counts[:schools])}
            total, bands = sum(records.values()), shown(con, day, records)
            if renewed is None or abs(total - renewed[0]) >= 20:
                assert bands == bands_shown(records, schools)
                renewed = total, bands
            assert bands == renewed[1]


@pytest.fixture(scope="module")
def two_nights(
    tmp_path_factory: pytest.TempPathFactory, new_district: type[DistrictFolder]
) -> tuple[QaDocument, QaDocument]:
    """The documents of two nights: one email more fails in the second."""
    district = new_district(tmp_path_factory.mktemp("two-nights"))
    first = district.night(TONIGHT - timedelta(days=1), {EMAIL: 12})
    return first, district.night(TONIGHT, {EMAIL: 13})


def test_the_audit_finds_bands_that_can_be_subtracted(two_nights) -> None:
    first, second = two_nights
    assert between(first, second, [first, second])[1] == []
    first = _with_schools(first, 35, {"101": 10})
    second = _with_schools(second, 36, {"101": 20})
    assert between(first, second, [first, second])[1] == [f"{EMAIL}: school 101 from 10 to 20"]


def test_the_audit_finds_a_size_that_can_be_worked_out(two_nights) -> None:
    first, second = two_nights
    first = first.model_copy(update={"school_completeness": [_school(None)]})
    one_added = second.load.guardians.model_copy(update={"add": 1})
    second = second.model_copy(
        update={
            "school_completeness": [_school({"email": 95})],
            "load": second.load.model_copy(update={"guardians": one_added}),
        }
    )
    assert between(first, second, [first, second])[1] == ["size of school 901: its guardians cross 50"]


def test_a_report_says_of_which_run_its_schools_are(tmp_path, new_district: type[DistrictFolder]) -> None:
    """The schools of a finding are those of the run in which they were shown first, and it says so."""
    district = new_district(tmp_path)
    district.records["Student"] = [
        student | {"building": n % 3 + 1} for n, student in enumerate(district.records["Student"])
    ]
    first = district.night(TONIGHT - timedelta(days=1), {EMAIL: 45})
    second = district.night(TONIGHT, {EMAIL: 46})
    found = {run.run_id: next(one for one in run.findings if one.id == EMAIL) for run in (first, second)}
    assert found[first.run_id].schools
    assert found[first.run_id].schools_as_of is None
    assert found[second.run_id].schools == found[first.run_id].schools
    assert found[second.run_id].schools_as_of == first.started_at


def _with_schools(document: QaDocument, failed: int, bands: dict[str, int]) -> QaDocument:
    schools = [SchoolBand(school=school, records_from=band) for school, band in bands.items()]
    findings = [
        one.model_copy(update={"failed": failed, "schools": schools}) if one.id == EMAIL else one
        for one in document.findings
    ]
    return document.model_copy(update={"findings": findings})


def _school(filled: dict[str, int] | None) -> SchoolCompleteness:
    return SchoolCompleteness(school="901", group="guardians", filled=filled)
