"""What ends a process, and two commands at once."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from pydantic import SecretStr

from bench.machine.scene import DISTRICT, Scene, Seen, Started
from district.checkout import DBT_PROJECT
from district.data_folder import DataFolder
from district.settings.file import load_districts
from night.fleet.all_districts import run_nights
from night.pages.index import write_index

BUILDING = "building the warehouse"


def signals(at: str, *numbers: signal.Signals, pause: float = 0.3) -> Callable[[Scene], Seen]:
    """Signals to the command at a step."""

    def run(scene: Scene) -> Seen:
        scene.fresh()
        return scene.start("night", DISTRICT).until(at).send(*numbers, pause=pause).end()

    return run


def killed_district(at: str, number: signal.Signals = signal.SIGKILL) -> Callable[[Scene], Seen]:
    """The district's own process is ended from outside, as the system does when memory runs out."""

    def run(scene: Scene) -> Seen:
        scene.fresh()
        night = scene.start("night", DISTRICT).until(at)
        os.kill(night.children("multiprocessing.forkserver")[-1], number)
        return night.end()

    return run


def killed_server(scene: Scene) -> Seen:
    scene.fresh()
    night = scene.start("night", DISTRICT).until(BUILDING)
    os.kill(night.children("multiprocessing.forkserver")[0], signal.SIGKILL)
    return night.end()


def killed_command(scene: Scene) -> Seen:
    """Nobody is left to say anything: the next nightly run does."""
    scene.fresh()
    scene.start("night", DISTRICT).until(BUILDING).send(signal.SIGKILL).end()
    return scene.start("night", DISTRICT).end()


def too_long(scene: Scene) -> Seen:
    """A build gets half a second."""
    scene.fresh()
    districts = list(load_districts(scene.settings).values())
    said: list[str] = []
    results = run_nights(
        districts,
        {DISTRICT: SecretStr(scene.secret)},
        data=scene.data,
        jobs=1,
        listen=lambda event: said.append(event.step),
        limit=lambda _, step: timedelta(seconds=0.5) if step == "build" else timedelta(minutes=10),
    )
    write_index(scene.data, districts)
    assert DataFolder(scene.data).index_json.exists()
    return scene.look(1, [results[DISTRICT].headline], None, [])


def second(*words: str) -> Callable[[Scene], Seen]:
    """Another command while a nightly run is at work; what is shown is the other one's."""

    def run(scene: Scene) -> Seen:
        scene.fresh()
        night = scene.start("night", DISTRICT).until(BUILDING)
        with _held_up(night):
            seen = scene.start(*words).end()
        first = night.end()
        seen.printed += [] if first.exit_code == 0 else ["THE FIRST ONE FAILED", *first.printed]
        return seen

    return run


@contextmanager
def _held_up(night: Started) -> Iterator[None]:
    """The nightly run stands still, so that it does not end before the other command begins."""
    pid = night.children("multiprocessing.forkserver")[-1]
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


def dbt_by_hand_during_a_night(scene: Scene) -> Seen:
    folder = scene.fresh()
    night = scene.start("night", DISTRICT).until(BUILDING)
    while not folder.new_warehouse.exists():
        time.sleep(0.1)
    with _held_up(night):
        seen = _dbt(scene, str(folder.path)).end()
    first = night.end()
    seen.printed = seen.printed[-4:]
    seen.printed += [f"the nightly run ended with {first.exit_code}", *_summary(first)]
    return seen


def night_during_dbt_by_hand(scene: Scene) -> Seen:
    folder = scene.fresh()
    by_hand = _dbt(scene, str(folder.path)).until("1 of ")
    seen = scene.start("night", DISTRICT).end()
    first = by_hand.end()
    seen.printed += [f"dbt build ended with {first.exit_code}", *first.printed[-2:]]
    return seen


def _dbt(scene: Scene, folder: str):  # noqa: ANN202
    project = str(DBT_PROJECT)
    return scene.start(
        *("build", "--project-dir", project, "--profiles-dir", project),
        *("--target-path", str(scene.folder / "target"), "--log-path", str(scene.folder / "logs")),
        variables={"PLUS360_DISTRICT_DIR": folder},
        command=[sys.executable, "-m", "dbt.cli.main"],
    )


def _summary(seen: Seen) -> list[str]:
    return [] if seen.exit_code == 0 else seen.printed
