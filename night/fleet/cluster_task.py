"""One district's nightly run on a machine of a cluster: what a Dask worker does.

A worker has a fork server of its own, and looks up the secrets on its machine. The data is on storage that
all machines share: a district's lock and its runs tell a worker what others did.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
import threading
import time
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

from district.checkout import PROJECT
from district.folder import DistrictFolder, NightFolder
from district.private_files import keep_private
from district.settings import DistrictSettings
from night.delivery.deliver import handed_on
from night.events import Steps
from night.fleet.all_districts import run_nights
from night.fleet.secrets import find_consumer_secret, find_password
from night.lock import locked, work_words
from night.machine.interruption import Interruption
from night.machine.troubles import allow_open_files, watch
from night.record import NightRecord, NightResult
from night.terminal.console import in_a_line

# So long a run waits for one that still has the district: of a worker that was lost, or of a person.
PATIENCE_SECONDS = 600.0
_LOOK_SECONDS = 2.0
OTHER_VERSION = "a worker runs another version of plus360. Install the same one on all machines"
GONE = "nothing was pulled: the command was interrupted before its turn, or its worker does not see the data"
_CODE = ("district", "extract", "qa", "night", "dbt_project")
_KINDS = {".py", ".sql", ".csv", ".yml", ".j2", ".css"}

# A run changes the environment of its process: one at a time. More at a time are more workers.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Order:
    """What holds for all runs of one command.

    Attributes:
        data: the folder of all districts, the same path on every machine.
        token: a file in it, which is there as long as the command goes on.
        code: the version of plus360 that the command runs.
        parquet: as in `run_night`.
    """

    data: Path
    token: Path
    code: str
    parquet: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether the command still waits for its districts. Reading asks the server: NFS caches names."""
        try:
            return bool(self.token.read_bytes())
        except OSError:
            return False


@dataclass(frozen=True)
class Machine:
    """What a worker says of itself before anything runs."""

    code: str
    sees_data: bool
    starts_processes: bool


def look(order: Order) -> Machine:
    """What a worker's machine has."""
    return Machine(code_version(), order.goes_on, not multiprocessing.current_process().daemon)


@cache
def code_version() -> str:
    """One hash for this plus360: of its code, of Python and of the libraries that decide what it makes."""
    said = hashlib.sha256(str(sys.version_info[:2]).encode())
    for library in ("duckdb", "dbt-core", "dbt-duckdb", "pydantic"):
        said.update(f"{library} {version(library)}".encode())
    for package in _CODE:
        for file in sorted((PROJECT / package).rglob("*")):
            if file.suffix in _KINDS and file.is_file():
                said.update(file.relative_to(PROJECT).as_posix().encode() + b"\0" + file.read_bytes())
    return said.hexdigest()


def last_run(order: Order, district: str) -> str:
    """The id of a district's last run; empty where it has none."""
    nights = DistrictFolder.of(order.data, district).all_nights()
    return nights[-1].run_id if nights else ""


def run_district(district: DistrictSettings, order: Order, before: str) -> NightResult:
    """Run a district, if no run of it has ended since; whatever happens is in the result.

    Dask gives a task to another worker when the one that has it is lost: what that one published stays.

    Args:
        district: which.
        order: what holds for all.
        before: the id of the last run when the command handed the district out.
    """
    with _one_at_a_time:
        try:
            return _run(district, order, before)
        except Exception as error:
            return NightResult(district.key, "failed", in_a_line(error), recorded=False)


def _run(district: DistrictSettings, order: Order, before: str) -> NightResult:
    folder = DistrictFolder.of(order.data, district.key)
    keep_private()
    watch(order.data)
    allow_open_files()
    until = time.monotonic() + PATIENCE_SECONDS
    while order.goes_on and work_words(folder) and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
    if ended := _ended_since(folder, before):
        return _handed_on(ended, folder.night(ended.run_id), district, order)
    if not order.goes_on:
        return NightResult(district.key, "failed", GONE, recorded=False, tried=False)
    if code_version() != order.code:
        return NightResult(district.key, "failed", OTHER_VERSION, recorded=False)
    with _Withdrawal(order) as withdrawal:
        results = run_nights(
            [district],
            {district.key: find_consumer_secret(district)},
            passwords={district.key: find_password(district)},
            parquet=order.parquet,
            data=order.data,
            jobs=1,
            listen=lambda _: None,
            interruption=withdrawal,
        )
    return results[district.key]


def _ended_since(folder: DistrictFolder, before: str) -> NightResult | None:
    """How a run that ended since is recorded; None where there is none, or one that failed or was killed."""
    nights = folder.all_nights()
    if not nights or nights[-1].run_id <= before:
        return None
    night = nights[-1]
    record = NightRecord.of(night)
    if record is None or record.verdict == "failed":
        return None
    if record.verdict == "published" and night != folder.published:  # killed before the link named it
        return None
    return _result_of(night, record)


def _handed_on(
    result: NightResult, night: NightFolder, district: DistrictSettings, order: Order
) -> NightResult:
    """The result of an ended run, with what is left to do if its worker was lost after it was published."""
    if result.verdict != "published":
        return result
    with locked(night.district, "night"):
        return handed_on(
            result,
            night,
            district,
            Steps(district.key, lambda _: None, run_id=night.run_id),
            password=find_password(district),
            parquet=order.parquet,
        )


def _result_of(night: NightFolder, record: NightRecord) -> NightResult:
    report = night.report if night.report.exists() else None
    return NightResult(
        record.district,
        record.verdict,
        record.headline,
        report,
        repairs=tuple(record.repairs),
        run_id=record.run_id,
        seconds=round(sum(record.seconds.values()), 1),
    )


class _Withdrawal(Interruption):
    """The interruption of the command, as a worker learns of it: the token is gone.

    A worker's runs are no business of its own signals: when it ends, its runs end with it.
    """

    def __init__(self, order: Order) -> None:
        super().__init__()
        self._order = order
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._wakes, self._woken = os.pipe()
        os.set_blocking(self._woken, False)
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._watching.join()
        os.close(self._wakes)
        os.close(self._woken)

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            if not self._order.goes_on:
                self._notice()
                return
