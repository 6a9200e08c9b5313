"""Both notebooks are committed clean; explore.ipynb runs over a raw store and keeps no night waiting."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import nbformat
import papermill
import pytest

from extract.store.raw_store import open_store
from qa.analyst.district import DataError, District
from tests.conftest import PROJECT
from tests.qa.conftest import STUDENTS, TONIGHT, Builds, DistrictFolder

NIGHT = (f"{TONIGHT:%Y%m%dT%H%M%S}000Z", "Student")
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def district(tmp_path: Path) -> DistrictFolder:
    district = DistrictFolder(tmp_path, Builds(tmp_path / "builds"))
    district.pull(TONIGHT)
    return district


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_committed_without_outputs_and_for_any_python3(path):
    stripped = subprocess.run(
        [str(Path(sys.executable).with_name("nbstripout")), "--verify", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert stripped.returncode == 0, stripped.stdout
    assert nbformat.read(path, as_version=4).metadata.kernelspec.name == "python3"


def test_explore_runs_and_shows_the_records(district, tmp_path, monkeypatch):
    monkeypatch.setenv("PLUS360_DATA", str(district.data))
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        PROJECT / "notebooks" / "explore.ipynb",
        out,
        {"district": district.key},
        kernel_name="python3",
        progress_bar=False,
    )
    assert "Zyfirst0" in out.read_text()


def test_labels_tell_how_full_they_are_and_their_shape(district):
    labels = District(district.key, district.data).labels("Student").set_index("label")
    assert labels.loc["studentId"].tolist() == [STUDENTS, STUDENTS, "varchar", "999999"]
    assert labels.loc["lastName", "usual_shape"].startswith("Aaaaaa9")


def test_a_label_may_be_anything(district):
    with closing(open_store(district.path / "raw.duckdb")) as store:
        odd = json.dumps(
            {"studentId": "1", 'the "home" room': "B 12", "a.b": None, "$": {"x": 1}, "é'": "Zoë"}
        )
        store.execute('insert into plus360."Student" values (?, ?, 99, now(), ?)', [*NIGHT, odd])
    labels = District(district.key, district.data).labels("Student").set_index("label")
    assert labels.loc['the "home" room', ["filled", "usual_shape"]].tolist() == [1, "A 99"]
    assert labels.loc["é'", "usual_shape"] == "Aaa"
    assert labels.loc["$", "types"] == "object"
    assert labels.loc["a.b", "filled"] == 0


def test_records_are_those_of_one_night(district):
    raw = District(district.key, district.data)
    earlier = "20261122T020005000Z"
    assert raw.latest() == f"{TONIGHT:%Y%m%dT%H%M%S}000Z"
    assert len(raw.records("Student", limit=None)) == STUDENTS
    assert raw.records("Student", run_id=earlier).empty
    assert len(raw.records("Student", limit=3)) == 3
    assert set(raw.endpoints()["state"]) == {"complete"}


def test_an_open_notebook_keeps_no_night_waiting(district):
    raw = District(district.key, district.data)
    raw.records("Student")
    with closing(open_store(district.path / "raw.duckdb")) as store:
        store.execute("delete from plus360.pulls")
    with pytest.raises(DataError, match="No data has been pulled"):
        raw.latest()


def test_nothing_can_be_changed_from_a_notebook(district):
    with pytest.raises(Exception, match="read-only"):
        District(district.key, district.data).sql("delete from plus360.pulls")


def test_a_district_or_endpoint_that_is_not_there_is_said_plainly(district):
    with pytest.raises(DataError, match=r"no raw\.duckdb of the district 'nowhere'"):
        District("nowhere", district.data)
    with pytest.raises(DataError, match="there are School, Contact"):
        District(district.key, district.data).records("Students")
