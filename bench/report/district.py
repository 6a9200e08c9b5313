"""Districts with a finished dbt build: a published run, and the next one, built and not yet checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.load_gate.districts import SAMPLE
from bench.load_gate.runs import KEY, settings_of
from district.folder import DistrictFolder, NightFolder
from night.dbt_build import build_warehouse
from night.district_night import build_night
from sandbox import ENDPOINTS, Profile, Source, folder, generated
from tests.land_records import land_records

RUNS = ("20261104T020005000Z", "20261105T020005000Z")
PAGE = 20_000
# Shares of the records that fail each of these checks, on the two days.
SHARES = (0.004, 0.005)
CHECKS = (
    "students__birth_date__required", "students__gender__accepted", "students__state_student_id__required",
    "contacts__email__valid", "contacts__last_name__required", "student_contacts__relation__required",
    "student_contacts__priority__plausible", "contact_addresses__street__required",
    "contact_addresses__postal_code__valid", "contact_phones__phone_number__valid",
)  # fmt: skip
SAMPLE_NAME = "sample"


def built(data: Path, name: str) -> NightFolder:
    """The run to measure: made below the folder `data` if it is not there from an earlier time.

    Args:
        data: one folder per district.
        name: "sample" for the public sample, or a number of students.
    """
    district = DistrictFolder.of(data / name, KEY).make()
    last = district.night(RUNS[-1])
    if last.warehouse.exists():
        return last
    settings = settings_of({})
    first, second = _sources(name)
    land_records(district.raw, RUNS[0], _lines(first))
    result = build_night(settings, data=data / name, run_id=RUNS[0], listen=lambda _: None)
    if result.verdict != "published":
        raise RuntimeError(f"the first run is {result.verdict}: {result.headline}")
    land_records(district.raw, RUNS[1], _lines(second))
    build_warehouse(settings, last.make())
    return last


def _sources(name: str) -> tuple[Source, Source]:
    """The records of the two days."""
    if name == SAMPLE_NAME:
        return folder(SAMPLE), folder(SAMPLE)
    year = datetime.strptime(RUNS[0][:8], "%Y%m%d").replace(tzinfo=UTC).year
    first, second = (
        generated(int(name), school_year=year, defects=dict.fromkeys(CHECKS, share)) for share in SHARES
    )
    return first, second


def _lines(source: Source) -> dict[str, Iterator[bytes]]:
    return {endpoint: _of_endpoint(source, endpoint) for endpoint in ENDPOINTS}


def _of_endpoint(source: Source, endpoint: str) -> Iterator[bytes]:
    profile = Profile()
    for offset in range(0, source.count(endpoint, profile), PAGE):
        yield from source.lines(endpoint, offset, PAGE, profile)
