"""The nightly runs of several districts, each in a process of its own: one that dies takes no other along."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from district.credentials import CredentialError, without_secrets
from district.private_files import keep_private
from district.settings import DistrictSettings
from night.events import Listener, NightEvent
from night.record import NightResult

Secrets = Mapping[str, SecretStr | CredentialError]


def run_nights(
    districts: Sequence[DistrictSettings],
    secrets: Secrets,
    *,
    data: Path,
    jobs: int,
    listen: Listener,
    run_id: str | None = None,
    with_report: bool = True,
) -> dict[str, NightResult]:
    """Run every district's nightly run, at most `jobs` at a time.

    Args:
        districts: which.
        secrets: each district's consumer secret by its key, or why there is none. A district's process gets
            its own only; no process has any in its environment.
        data: the folder of all districts.
        jobs: how many at a time.
        listen: told as the runs move on.
        run_id: of every district's run, as in `run_night`; the demo's are of other days.
        with_report: as in `run_night`.

    Returns:
        The result of each district by its key. A district whose process died has a result too: failed.
    """
    districts = [district.keeping_proxy() for district in districts]
    with without_secrets():
        how = {"data": data, "run_id": run_id, "with_report": with_report}
        return _run_nights(districts, secrets, how, jobs=jobs, listen=listen)


def _run_nights(
    districts: Sequence[DistrictSettings],
    secrets: Secrets,
    how: Mapping[str, Any],
    *,
    jobs: int,
    listen: Listener,
) -> dict[str, NightResult]:
    # Each district's process is a fork of one server that has already done what is the same for all.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["night.preload"])
    waiting = list(districts)
    running: dict[Connection, tuple[DistrictSettings, ForkServerProcess]] = {}
    results: dict[str, NightResult] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                district = waiting.pop(0)
                running |= _start(context, district, secrets[district.key], how)
            for connection in cast(list[Connection], wait(list(running))):
                district, process = running[connection]
                message = _next_message(connection)
                if isinstance(message, NightEvent):
                    listen(message)
                    continue
                process.join()
                del running[connection]
                results[district.key] = message or NightResult.died(district.key, process.exitcode)
                listen(NightEvent(district.key, "done", detail=results[district.key].verdict))
    finally:
        for _, process in running.values():
            process.terminate()
        for _, process in running.values():
            process.join()
    return results


def _start(
    context: ForkServerContext,
    district: DistrictSettings,
    secret: SecretStr | CredentialError,
    how: Mapping[str, Any],
) -> dict[Connection, tuple[DistrictSettings, ForkServerProcess]]:
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_night_process, args=(district, secret, how, sending), name=district.key)
    process.start()
    sending.close()  # only the child holds it now, so that its death ends the pipe
    return {receiving: (district, process)}


def _night_process(
    district: DistrictSettings,
    secret: SecretStr | CredentialError,
    how: Mapping[str, Any],
    sending: Connection,
) -> None:
    # Imported here, where the fork server has it already: it takes seconds, and the parent needs none of it.
    from night.district_night import run_night  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all: the parent alone answers, and ends us
    keep_private()
    sending.send(run_night(district, secret, listen=sending.send, **how))


def _next_message(connection: Connection) -> NightEvent | NightResult | None:
    try:
        message: NightEvent | NightResult = connection.recv()
    except EOFError:
        return None
    return message
