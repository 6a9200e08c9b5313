"""Two days of one district, each served over HTTPS by a sandbox in a process of its own."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from pydantic import SecretStr

from district.settings import DistrictSettings
from sandbox import Sandbox, Source, generated
from tests.rewritten import Record, rewritten

DISTRICT = "oak-hill"
NAME = "Oak Hill Schools"
STUDENTS = 60
# So many records of an endpoint differ between the two days: too few for any limit of a load.
CHANGED = 8


@dataclass(frozen=True)
class Day:
    """What a nightly run needs to pull the district as it is on one of the two days."""

    settings: DistrictSettings
    secret: SecretStr
    table: str
    """The same settings for districts.toml."""


def _other_day(source: Source, folder: Path) -> Source:
    """The same people; some of them have another first or middle name."""
    seen: dict[str, int] = {}
    changed = {"Student": "middleName", "Contact": "firstName"}

    def change(endpoint: str, record: Record) -> Record:
        seen[endpoint] = seen.get(endpoint, 0) + 1
        label = changed.get(endpoint)
        if label is None or seen[endpoint] > CHANGED:
            return record
        return record | {label: f"{(record[label] or '').strip()} Ann".strip()}

    folder.mkdir()
    return rewritten(source, folder, change)


def _serve(sending: Connection, ended: Connection) -> None:
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="crash-")))
        first = generated(students=STUDENTS, seed=1)
        days = []
        for source in (first, _other_day(first, folder / "other")):
            box = running.enter_context(Sandbox(source))
            days.append(
                Day(
                    box.settings(DISTRICT, NAME),
                    SecretStr(box.consumer_secret),
                    box.settings_table(DISTRICT, NAME),
                )
            )
        sending.send(days)
        try:
            ended.recv()
        except EOFError:
            return


@contextmanager
def two_days() -> Iterator[list[Day]]:
    """The settings of the two days; both are served inside."""
    # "spawn": the nightly runs are forks of this process, and must not inherit a server's threads.
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    ended, ending = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(sending, ended), daemon=True)
    process.start()
    sending.close()
    ended.close()
    try:
        yield receiving.recv()
    finally:
        ending.close()
        process.join()
