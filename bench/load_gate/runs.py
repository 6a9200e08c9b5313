"""Runs a situation: real records in, the real build, the real gate, the real publishing. No HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from bench.load_gate.districts import records_of
from bench.load_gate.rows import Records, copied
from bench.load_gate.situation import Night, Situation
from district.folder import DistrictFolder, NightFolder
from district.settings import DistrictSettings
from night.decisions.errors import RefusedError
from night.decisions.run import discard_run, release_run
from night.district_night import build_night
from qa.contract import QaDocument
from tests.land_records import land_records

KEY = "district"
BLOCKING = ("stop", "hold")


@dataclass(frozen=True)
class Outcome:
    """What became of a situation's last load.

    Attributes:
        verdict: published, held, stopped or failed; "crashed" if the run ended with an error.
        released: whether a held run could be released.
        rules: what tripped.
        load: file -> effect -> records; what the load did or would have done.
    """

    situation: str
    verdict: str
    released: bool = False
    rules: tuple[str, ...] = ()
    load: dict[str, dict[str, int]] = field(default_factory=dict)
    note: str = ""

    def is_right(self, situation: Situation) -> bool:
        """Whether the verdict is one of those that are expected, and no more guardians are deleted."""
        deleted = self.load.get("guardians.csv", {}).get("delete", 0)
        if situation.may_delete is not None and deleted > situation.may_delete:
            return False
        match situation.expected:
            case "not published":
                return self.verdict in ("held", "stopped", "failed")
            case "published or released":
                return self.verdict == "published" or self.released
            case "published":
                return self.verdict == "published"


def base_name(situation: Situation) -> str:
    """Situations with the same name here share their good night."""
    settings = "-".join(map(str, situation.settings.values()))
    return f"{situation.district.replace('/', 'x')}_{situation.starts}_{settings}"


def build_base(situation: Situation, bases: Path) -> str | None:
    """Build the good night that comes before a situation. Returns what is wrong with it, if anything is."""
    data = bases / base_name(situation)
    if DistrictFolder.of(data, KEY).published:
        return None  # of an earlier run in the same folder
    if data.exists():
        shutil.rmtree(data)
    records = records_of(situation.district, situation.starts)
    verdict = _run(data, _run_id(situation, 0), records, settings=situation.settings)
    # A base that is not published says nothing about the nights after it.
    return None if verdict == "published" else f"{base_name(situation)} was {verdict}"


def run_situation(situation: Situation, bases: Path, scratch: Path) -> Outcome:
    """Run all nights of a situation in a folder of its own."""
    if scratch.exists():
        shutil.rmtree(scratch)
    if not situation.is_first:
        shutil.copytree(bases / base_name(situation), scratch, symlinks=True)
    good = records_of(situation.district, situation.starts)
    received, verdict, settings = good, "", dict(situation.settings)
    try:
        for number, night in enumerate(situation.nights, 1):
            received = copied(good if night.afresh else received)
            if night.change:
                night.change(received, Random(f"{situation.name} {number}"))
            settings |= night.settings
            run_id = _run_id(situation, number)
            verdict = _run(scratch, run_id, received, refused=night.refused, settings=settings)
            _decide(scratch, night)
        outcome = _read(scratch, situation, len(situation.nights), verdict)
    except Exception as error:
        return Outcome(situation.name, "crashed", note=f"{type(error).__name__}: {error}")
    shutil.rmtree(scratch)
    return outcome


def _run(
    data: Path,
    run_id: str,
    records: Records,
    *,
    refused: tuple[str, ...] = (),
    settings: Mapping[str, Any],
) -> str:
    folder = DistrictFolder.of(data, KEY).make()
    land_records(folder.raw, run_id, records, dict.fromkeys(refused, "refused"))
    return build_night(settings_of(settings), data=data, run_id=run_id, listen=lambda _: None).verdict


def settings_of(settings: Mapping[str, Any]) -> DistrictSettings:
    """A district with these settings."""
    return DistrictSettings(
        key=KEY,
        name="A District",
        base_url="https://sis.example.org/",
        consumer_key="OneRoster_A_1",
        **settings,
    )


def _decide(data: Path, night: Night) -> None:
    folder = DistrictFolder.of(data, KEY)
    with suppress(RefusedError):  # the run was not held: the table shows it
        if night.then == "discard":
            discard_run(folder, None, "wrong")
        elif night.then == "release":
            release_run(folder, None, "right")


def _read(data: Path, situation: Situation, number: int, verdict: str) -> Outcome:
    folder = DistrictFolder.of(data, KEY)
    night = folder.night(_run_id(situation, number))
    rules, load = _rules(night), _load(night)
    released = False
    if verdict == "held" and situation.expected == "published or released":
        release_run(folder, None, "right")
        released = folder.published == night
    return Outcome(situation.name, verdict, released, rules, load)


def _rules(night: NightFolder) -> tuple[str, ...]:
    """The checks that decide on the load and failed; the others only if there is none of these."""
    document = QaDocument.model_validate_json(night.qa_json.read_text(encoding="utf-8"))
    deciding = [check for check in document.checks if check.level in BLOCKING]
    failed = [check.id for check in deciding if check.state == "failed"]
    return tuple(failed or [f"{check.id}?" for check in document.checks if check.state == "crashed"])


def _load(night: NightFolder) -> dict[str, dict[str, int]]:
    if not night.warehouse.exists():
        return {}
    load: dict[str, dict[str, int]] = {}
    with duckdb.connect(str(night.warehouse), read_only=True) as warehouse, suppress(duckdb.CatalogException):
        totals = warehouse.execute("select file, effect, records from load_effects.load_totals").fetchall()
        for file, effect, records in totals:
            load.setdefault(file, {})[effect] = records
    return load


def _run_id(situation: Situation, number: int) -> str:
    day = datetime.fromisoformat(situation.starts) + timedelta(days=number)
    return f"{day:%Y%m%d}T020005000Z"
