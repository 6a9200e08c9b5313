"""The Date of Birth checkbox is cleared after a good nightly run: an empty import is never published."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sandbox import Profile, Sandbox, folder
from tests.night.conftest import Operator
from tests.night.kept_nights import after_a_night_of_the_sample
from tests.shared_between_workers import SharedFolders

DISTRICT = "grand-bend"


def published_files(operator: Operator) -> dict[str, str]:
    export = operator.data / DISTRICT / "export"
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(export.iterdir())}


def test_a_cleared_checkbox_stops_the_nightly_run_and_is_named(
    grand_bend_records: Path, shared: SharedFolders, tmp_path: Path
) -> None:
    operator = after_a_night_of_the_sample(shared, tmp_path, grand_bend_records, DISTRICT)
    before = published_files(operator)
    with Sandbox(folder(grand_bend_records), Profile.without(date_of_birth=False)) as sandbox:
        operator.knows(DISTRICT, sandbox)
        done = operator.plus360("night", DISTRICT)
    assert done.returncode != 0
    assert "stopped\n  no student was received with a birth date (962 of 962 students)." in done.stdout
    assert published_files(operator) == before
    qa = operator.qa(DISTRICT)
    first = qa["findings"][0]
    assert qa["verdict"] == "stopped"
    assert qa["fix_first"] == first["id"] == "load__refused__plausible"
    assert (first["failed"], first["total"], first["level"]) == (962, 962, "stop")
    assert "962 of 962 students" in first["headline"]
    assert "Date of Birth checkbox" in first["why"]
    assert first["owner"] == "district SIS admin"
    assert any("Date of Birth" in step for step in first["remedy"])
    assert qa["headline"] in operator.record(DISTRICT)["headline"]
