"""What raw.duckdb keeps of deliveries: history.deliveries."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from district.folder import DistrictFolder
from extract.store.history_copy import copy_history
from extract.store.raw_store import open_store, read_store
from night.export import Manifest
from qa.contract import QaDocument
from qa.delivery.outcomes import DELIVERED

# The rule of the load that has a person compare before anything is delivered.
FIRST_CONFIRMED = "load__first__confirmed"


@dataclass(frozen=True)
class DeliveryRecord:
    """A row of history.deliveries.

    Attributes:
        started_at: with time zone, as `finished_at`.
        host: of the settings.
        outcome: a code of `qa.delivery.outcomes`.
    """

    run_id: str
    started_at: datetime
    finished_at: datetime
    host: str
    outcome: str


def record_delivery(folder: DistrictFolder, record: DeliveryRecord, manifest: Manifest | None) -> None:
    """Write how a delivery ended; `manifest` says what was sent."""
    files = manifest.model_dump_json(include={"files"}) if manifest else None
    with closing(open_store(folder.raw)) as store:
        store.execute(
            "insert into history.deliveries values (?, ?, ?, ?, ?, ?::json -> '$.files')",
            [
                record.run_id,
                _utc(record.started_at),
                _utc(record.finished_at),
                record.host,
                record.outcome,
                files,
            ],
        )
        copy_history(store, folder.history_copy)


def deliveries(folder: DistrictFolder) -> list[DeliveryRecord]:
    """Every recorded delivery of a district, the oldest first; none where the district was never pulled."""
    if not folder.raw.exists():
        return []
    with closing(read_store(folder.raw)) as store:
        rows = store.execute(
            "select run_id, started_at, finished_at, host, outcome from history.deliveries "
            "order by finished_at"
        ).fetchall()
    return [
        DeliveryRecord(run_id, began.replace(tzinfo=UTC), ended.replace(tzinfo=UTC), host, outcome)
        for run_id, began, ended, host, outcome in rows
    ]


def delivered_run(folder: DistrictFolder) -> str | None:
    """The run that the receiving system has: the one that was delivered last.

    A command that was killed between the last rename and its record leaves one that the system has and this
    does not name: `deliver` sends it once more and records it, else the next run is compared with the one
    before.
    """
    done = [delivery.run_id for delivery in deliveries(folder) if delivery.outcome == DELIVERED.code]
    return done[-1] if done else None


def awaits_confirmation(folder: DistrictFolder) -> bool:
    """Whether nothing was ever delivered, and no person has said that the first delivery may be made."""
    if delivered_run(folder) is not None:
        return False
    if not folder.raw.exists():
        return True
    with closing(read_store(folder.raw)) as store:
        rows = store.execute(
            "select holds from history.decisions where decision = 'released' and holds is not null"
        ).fetchall()
    return not any(hold["rule"] == FIRST_CONFIRMED for (holds,) in rows for hold in json.loads(holds))


def is_first_delivery(document: QaDocument) -> bool:
    """Whether a run is held because nothing was delivered before: its load is compared with none."""
    return document.load is not None and any(hold.rule == FIRST_CONFIRMED for hold in document.load.holds)


def _utc(moment: datetime) -> datetime:
    """As the database has it, without time zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
