"""The nights of several districts, each in a process of its own: one that dies takes no other along."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import cast

from district.private_files import keep_private
from district.settings import DistrictSettings
from night.district_night import NightResult, run_night
from night.events import Listener, NightEvent


def run_nights(
    districts: Iterable[DistrictSettings], *, data: Path, jobs: int, listen: Listener
) -> dict[str, NightResult]:
    """Run the night of every district, at most `jobs` at a time.

    Returns:
        The result of each district by its key. A district whose process died has a result too: failed.
    """
    # Each district's process is a fork of one server that has done already what is the same for all.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["night.preload"])
    waiting = list(districts)
    running: dict[Connection, tuple[DistrictSettings, ForkServerProcess]] = {}
    results: dict[str, NightResult] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                district = waiting.pop(0)
                running |= _start(context, district, data)
            for connection in cast(list[Connection], wait(list(running))):
                district, process = running[connection]
                message = _next_message(connection)
                if isinstance(message, NightEvent):
                    listen(message)
                    continue
                process.join()
                del running[connection]
                results[district.key] = message or NightResult.died(district.key, process.exitcode)
                listen(NightEvent(district.key, "done", detail=results[district.key].headline))
    finally:
        for _, process in running.values():
            process.terminate()
        for _, process in running.values():
            process.join()
    return results


def _start(
    context: ForkServerContext, district: DistrictSettings, data: Path
) -> dict[Connection, tuple[DistrictSettings, ForkServerProcess]]:
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_night_process, args=(district, data, sending), name=district.key)
    process.start()
    sending.close()  # only the child holds it now, so that its death ends the pipe
    return {receiving: (district, process)}


def _night_process(district: DistrictSettings, data: Path, sending: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all: the parent alone answers, and ends us
    keep_private()
    sending.send(run_night(district, data=data, listen=sending.send))


def _next_message(connection: Connection) -> NightEvent | NightResult | None:
    try:
        message: NightEvent | NightResult = connection.recv()
    except EOFError:
        return None
    return message
