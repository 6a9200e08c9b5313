"""An integrity test that fails stops the nightly run, in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from district.folder import DistrictFolder
from district.settings import DistrictSettings
from night import dbt_build
from night.dbt_build import build_warehouse
from night.district_night import build_night
from night.parsed_project import parsed_project
from sandbox import generated
from tests.dbt_project.districts import RUN, District, records_of


@pytest.fixture
def settings() -> DistrictSettings:
    return DistrictSettings(
        key="oak-hill",
        name="Oak Hill Schools",
        base_url="https://sis.example.org/plus360api/v1/oak/",
        consumer_key="OneRoster_OAK_1",
    )


def test_a_sound_run_breaks_no_integrity_test(tmp_path: Path, settings: DistrictSettings) -> None:
    District(tmp_path / "oak-hill").land(records_of(generated(30, seed=2)))
    outcome = build_warehouse(settings, DistrictFolder.of(tmp_path, "oak-hill").make().night(RUN).make())
    assert (outcome.crashed, outcome.broken_integrity) == ([], [])


def test_a_lost_guardian_stops_the_nightly_run(
    tmp_path: Path, settings: DistrictSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model of guardians.csv is changed so that it loses a row, as a mistake of ours would."""
    District(tmp_path / "oak-hill").land(records_of(generated(30, seed=2)))
    project = parsed_project()
    assert project is not None
    changed = project.deepcopy()
    model = changed.nodes["model.plus360.import_guardians"]
    model.raw_code = model.raw_code.replace(
        "from accepted as", "from (select * from accepted where contact_rank <> 1) as"
    )
    monkeypatch.setattr(dbt_build, "parsed_project", lambda data: changed)
    result = build_night(settings, data=tmp_path, run_id=RUN, listen=lambda event: None)
    assert result.verdict == "stopped"
    assert "a record is neither in the import nor among the refused records" in result.headline
    assert not (tmp_path / "oak-hill" / "export").exists()
