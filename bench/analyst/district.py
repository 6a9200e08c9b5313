"""A generated district with 14 nights, the first and the last of them built and published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb

from bench.load_gate.runs import settings_of
from district.folder import DistrictFolder
from extract.store.raw_store import open_store
from night.decisions.run import release_run
from night.district_night import build_night
from sandbox import ENDPOINTS, Profile, Source, generated
from tests.land_records import land_records

KEY = "district"
NIGHTS = 14
LAST = datetime(2026, 11, 26, 8, 0, 5, tzinfo=UTC)
RUNS = [f"{LAST - timedelta(days=NIGHTS - 1 - night):%Y%m%dT%H%M%S}000Z" for night in range(NIGHTS)]
PAGE = 20_000
# Of the last night's records: what is changed in so many of them, for the questions to have answers.
CHANGED = 0.01
EDITS: dict[str, list[tuple[str, object]]] = {
    "Contact": [("lastName", "Petersen"), ("email", "nobody at home")],
    "ContactPhone": [("phone", "5902345678"), ("phone", "12")],
    "ContactAddress": [("streetName", "Alder"), ("zip", "1")],
    "Student": [("middleName", "Lee"), ("gender", "Q"), ("gradeNext", "12")],
    "StudentContact": [("relationCode", "AUNT")],
}


def make_district(data: Path, students: int) -> DistrictFolder:
    """Land and build the district below `data`; what is there already stays."""
    folder = DistrictFolder.of(data, KEY).make()
    if folder.published and folder.published.run_id == RUNS[-1]:
        return folder
    source = generated(students, school_year=2026)
    land_records(folder.raw, RUNS[0], {endpoint: _lines(source, endpoint) for endpoint in ENDPOINTS})
    _publish(folder, data, RUNS[0])
    for run in RUNS[1:-1]:
        _land_again(folder, RUNS[0], run)
    land_records(folder.raw, RUNS[-1], {endpoint: _edited(source, endpoint) for endpoint in ENDPOINTS})
    _publish(folder, data, RUNS[-1])
    return folder


def _publish(folder: DistrictFolder, data: Path, run_id: str) -> None:
    verdict = build_night(settings_of({}), data=data, run_id=run_id, listen=lambda _: None).verdict
    if verdict == "held":
        release_run(folder, run_id, "a benchmark")
    assert folder.published and folder.published.run_id == run_id, verdict


def _land_again(folder: DistrictFolder, before: str, run: str) -> None:
    """The same records on another night, one in a hundred students and contacts with a new value."""
    moment = datetime.strptime(run[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC).replace(tzinfo=None)
    with closing(open_store(folder.raw)) as store:
        for endpoint in ENDPOINTS:
            _copy(store, endpoint, before, run, moment)
        store.execute(
            "insert into plus360.pulls select * replace ($run as run_id, $moment::timestamp as started_at, "
            "$moment::timestamp as finished_at) from plus360.pulls where run_id = $before",
            {"run": run, "before": before, "moment": moment},
        )


def _copy(store: duckdb.DuckDBPyConnection, endpoint: str, before: str, run: str, moment: datetime) -> None:
    label = {"Student": "homeroomPrimary", "Contact": "email"}.get(endpoint)
    payload = "payload"
    if label:
        payload = (
            f"case when hash(position, $run) % 100 = 0 then json_merge_patch(payload, json_object('{label}', "
            "'changed' || $run)) else payload end"
        )
    store.execute(
        f'insert into plus360."{endpoint}" select $run, endpoint, position, $moment, {payload} '
        f'from plus360."{endpoint}" where run_id = $before order by position',
        {"run": run, "before": before, "moment": moment},
    )


def _lines(source: Source, endpoint: str) -> Iterator[bytes]:
    profile = Profile()
    for offset in range(0, source.count(endpoint, profile), PAGE):
        yield from source.lines(endpoint, offset, PAGE, profile)


def _edited(source: Source, endpoint: str) -> Iterator[bytes]:
    rng = Random(endpoint)
    for line in _lines(source, endpoint):
        if endpoint in EDITS and rng.random() < CHANGED:
            label, value = rng.choice(EDITS[endpoint])
            yield json.dumps(json.loads(line) | {label: value}).encode()
        else:
            yield line
