"""Thirty sandbox districts: all are well on the first night, and six have one fault each on the second."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from district.folder import DistrictFolder
from sandbox import Profile, Sandbox, Source, generated
from tests.night.conftest import Operator
from tests.rewritten import Record, rewritten

WELL = [f"district-{number:02d}" for number in range(1, 25)]
DEAD_HOST, WRONG_SECRET, HELD, STOPPED, SLOW, KILLED = FAULTY = [
    "dead-host",
    "wrong-secret",
    "held",
    "stopped",
    "slow",
    "killed",
]
STUDENTS = 60
# Of the slow district's whole run; its server needs minutes for a page.
SLOW_BUDGET_SECONDS = 20
SLOW_SERVER = {"slow_bytes": {"pause_seconds": 1.0}}


def serve_well(operator: Operator, running: ExitStack) -> None:
    """The first night: every district answers, and has what it should have."""
    for seed, key in enumerate([*WELL, *FAULTY]):
        operator.knows(key, running.enter_context(Sandbox(generated(students=STUDENTS, seed=seed))))


def serve_faulty(operator: Operator, running: ExitStack, folder: Path) -> Sandbox:
    """The second night: the same, but for one fault in each of six; returns the server of the one to kill."""
    with Sandbox(generated(students=STUDENTS, seed=1)) as gone:
        operator.knows(DEAD_HOST, gone)
    seeds = {key: len(WELL) + number for number, key in enumerate(FAULTY)}

    def box(key: str, source: Source | None = None, **how: object) -> Sandbox:
        made = Sandbox(source or generated(students=STUDENTS, seed=seeds[key]), **how)  # type: ignore[arg-type]
        return running.enter_context(made)

    operator.knows(WRONG_SECRET, box(WRONG_SECRET), secret="not-the-secret")
    operator.knows(STOPPED, box(STOPPED, profile=Profile.without("StudentContact")))
    operator.knows(HELD, box(HELD, _without_second_guardians(seeds[HELD], folder)))
    operator.knows(SLOW, box(SLOW, faults=SLOW_SERVER), run_budget_seconds=SLOW_BUDGET_SECONDS)
    killed = box(KILLED, faults=SLOW_SERVER)
    operator.knows(KILLED, killed)
    return killed


def kill_when_asked(operator: Operator, box: Sandbox) -> Callable[[], None]:
    """Kill the process of that run as soon as it asks for records; call what is returned to stop waiting."""
    ended = threading.Event()

    def wait_and_kill() -> None:
        while not box.log:
            if ended.wait(0.1):
                return
        at_work = DistrictFolder.of(operator.data, KILLED).at_work
        os.kill(json.loads(at_work.read_text(encoding="utf-8"))["process"], signal.SIGKILL)

    waiting = threading.Thread(target=wait_and_kill)
    waiting.start()

    def stop() -> None:
        ended.set()
        waiting.join()

    return stop


def _without_second_guardians(seed: int, folder: Path) -> Source:
    """A form was changed: all second guardians became contacts of another type."""

    def change(endpoint: str, record: Record) -> Record:
        if endpoint == "StudentContact" and str(record["contactPriority"]).strip() == "2":
            return record | {"contactType": "C"}
        return record

    folder.mkdir()
    return rewritten(generated(students=STUDENTS, seed=seed), folder, change)
