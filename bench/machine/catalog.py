"""Every failure of a machine that we try, by name and step."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass

from bench.machine import disk, processes
from bench.machine.scene import DISTRICT, Scene, Seen


@dataclass(frozen=True)
class Failure:
    """A failure, at which step it happens, and the exit codes that are right."""

    name: str
    step: str
    run: Callable[[Scene], Seen]
    exit_codes: tuple[int, ...] = (1,)


PULLING, BUILDING, CHECKING = "pulling the seven", "building the warehouse", "turning check results"
REPORTING, PUBLISHING = "writing the report", "writing the import"
ANY = (0, 1)

FAILURES = (
    *(
        Failure(f"{free} MB free", "whole run", disk.almost_full(free), ANY)
        for free in (0.0, 0.5, 2, 5, 10, 14, 20)
    ),
    Failure("no file above 2 MB", "whole run", disk.small_files(2)),
    Failure("no file above 10 MB", "whole run", disk.small_files(10), ANY),
    Failure("data folder read-only", "night", disk.read_only("night", DISTRICT)),
    Failure("data folder read-only", "extract", disk.read_only("extract", DISTRICT)),
    Failure("data folder read-only", "report", disk.read_only("report", DISTRICT)),
    Failure("data folder read-only", "export", disk.read_only("export", DISTRICT)),
    Failure("data of another account", "night", disk.of_another_account("night", DISTRICT)),
    Failure("data of another account", "report", disk.of_another_account("report", DISTRICT)),
    Failure("at most 64 open files", "start", disk.few_files(64)),
    Failure("at most 256 open files", "whole run", disk.few_files(256), (0,)),
    Failure("/tmp full", "start", disk.full_tmp, ANY),
    Failure("no folder for temporary files", "start", disk.no_tmp),
    Failure("no home folder", "whole run", disk.no_home, (0,)),
    Failure("nights/ is a link", "start", disk.link_outside("nights"), (3,)),
    Failure("the district's folder is a link", "start", disk.link_outside("."), (3,)),
    Failure("Ctrl-C", "pull", processes.signals(PULLING, signal.SIGINT)),
    Failure("Ctrl-C", "build", processes.signals(BUILDING, signal.SIGINT)),
    Failure("Ctrl-C", "check", processes.signals(CHECKING, signal.SIGINT, pause=0)),
    Failure("Ctrl-C", "report", processes.signals(REPORTING, signal.SIGINT), ANY),
    Failure("Ctrl-C", "publish", processes.signals(PUBLISHING, signal.SIGINT, pause=0), ANY),
    Failure("Ctrl-C twice", "build", processes.signals(BUILDING, signal.SIGINT, signal.SIGINT)),
    Failure("SIGTERM", "build", processes.signals(BUILDING, signal.SIGTERM)),
    Failure("SIGTERM", "starting", processes.signals("getting ready", signal.SIGTERM)),
    Failure("terminal closed", "build", processes.signals(BUILDING, signal.SIGHUP)),
    Failure("district's process killed", "build", processes.killed_district(BUILDING)),
    Failure("district's process killed", "report", processes.killed_district(REPORTING), ANY),
    Failure("district's process gets SIGTERM", "build", processes.killed_district(BUILDING, signal.SIGTERM)),
    Failure("fork server killed", "build", processes.killed_server, (0,)),
    Failure("command killed, then run again", "build", processes.killed_command, (0,)),
    Failure("a build that does not end", "build", processes.too_long),
    Failure("two nightly runs", "build", processes.second("night", DISTRICT)),
    Failure("extract during a nightly run", "build", processes.second("extract", DISTRICT)),
    Failure("build during a nightly run", "build", processes.second("build", DISTRICT)),
    Failure("report during a nightly run", "build", processes.second("report", DISTRICT)),
    Failure("release during a nightly run", "build", processes.second("release", DISTRICT)),
    Failure("discard during a nightly run", "build", processes.second("discard", DISTRICT)),
    Failure("dbt by hand during a nightly run", "build", processes.dbt_by_hand_during_a_night, (0, 1, 2)),
    Failure("a nightly run during dbt by hand", "build", processes.night_during_dbt_by_hand, ANY),
)
