"""The nightly runs of many districts on a Dask cluster: the same run of a district, on other machines.

Dask decides which worker runs which district, and gives it to another one when a worker is lost. The data is
on storage that all machines share, under the same path.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from typing import TYPE_CHECKING

from district.data_folder import DataFolder
from district.errors import Plus360Error
from district.private_files import write_private
from district.run_id import new_run_id
from district.settings import DistrictSettings
from night.events import Listener, events_of
from night.fleet.cluster_task import OTHER_VERSION, Order, code_version, last_run, look, run_district
from night.machine.interruption import INTERRUPTED, Interruption
from night.record import NightResult

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 15
# A cluster that grows when work arrives has no worker at first.
FIRST_WORKER_SECONDS = 120
# So many districts are handed out for each one that can run: the scheduler never has all of them in memory.
HANDED_OUT = 2
_LOST = (
    "its worker was lost, and so was each one that tried it after that. Look at the memory of the "
    "machines, then run it again"
)


class ClusterError(Plus360Error):
    """The cluster can't be used: nothing ran."""

    needs_a_person = True


def run_on_cluster(
    address: str,
    districts: Sequence[DistrictSettings],
    *,
    data: Path,
    listen: Listener,
    interruption: Interruption,
    parquet: bool = False,
) -> dict[str, NightResult]:
    """Run every district's nightly run on the workers of a Dask scheduler.

    Ctrl-C or SIGTERM ends the runs at work; a second one doesn't wait for them.

    Args:
        address: of the scheduler, such as `tls://scheduler:8786`.
        districts: which, in the order in which they are handed out.
        data: the folder of all districts: the same path on every machine.
        listen: told as runs end.
        interruption: of the caller.
        parquet: as in `run_night`.

    Returns:
        The result of each district by its key.

    Raises:
        ClusterError: nothing ran.
    """
    with _token(DataFolder(data.resolve()), parquet) as order, _connected(address) as client:
        refuse_other_machines(client, order)
        with _ended_by(interruption, order, client):
            return _results(client, districts, order, listen)


@contextmanager
def _token(folder: DataFolder, parquet: bool) -> Iterator[Order]:
    """The file by which workers know that they see the same data, and that the command goes on."""
    token = folder.cluster_token(new_run_id())
    write_private(token, "plus360 night runs on a cluster\n")
    try:
        yield Order(folder.path, token, code_version(), parquet)
    finally:
        token.unlink(missing_ok=True)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    if importlib.util.find_spec("distributed") is None:
        raise ClusterError("--cluster needs Dask: run make setup-extras")
    from distributed import Client  # noqa: PLC0415 - an extra, and only where it is used

    # What Dask logs may quote a district's settings; what matters is in the results.
    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
    try:
        client = Client(address, timeout=CONNECT_SECONDS, name="plus360")
    except (OSError, ValueError):
        raise ClusterError(
            "--cluster: no Dask scheduler answers at this address. Write it as tcp://host:8786 or "
            "tls://host:8786, and check that it runs the same version of Dask"
        ) from None
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER_SECONDS)
        yield client
    except TimeoutError:
        raise ClusterError("--cluster: the scheduler has no workers. Start some, then run it again") from None
    finally:
        with suppress(Exception):  # such as a scheduler that is gone: nothing is left to tell it
            client.close(timeout=5)


def refuse_other_machines(client: Client, order: Order) -> None:
    """See that the workers would do the same as this machine, before anything runs.

    Raises:
        ClusterError: one of them would not.
    """
    try:
        machines = client.run(look, order).values()
    except Exception:  # whatever a worker says may quote its machine
        raise ClusterError(
            "--cluster: a worker can't use plus360. Start the workers in an environment with the same "
            "plus360 and libraries as here"
        ) from None
    if not all(machine.sees_data for machine in machines):
        raise ClusterError(
            "--cluster: a worker does not see this data folder. Put it on storage that all machines share, "
            "under the same path"
        )
    if any(machine.code != order.code for machine in machines):
        raise ClusterError(f"--cluster: {OTHER_VERSION}")
    if not all(machine.starts_processes for machine in machines):
        raise ClusterError(
            "--cluster: a worker can't start processes. Start it with --no-nanny, or with "
            "DASK_DISTRIBUTED__WORKER__DAEMON=false in its environment"
        )
    if any(threads != 1 for threads in client.nthreads().values()):
        raise ClusterError(
            "--cluster: a worker runs one district at a time. Start it with --nthreads 1, and more of them "
            "with --nworkers"
        )


def _results(
    client: Client, districts: Sequence[DistrictSettings], order: Order, listen: Listener
) -> dict[str, NightResult]:
    from distributed import as_completed  # noqa: PLC0415

    waiting, results, ended = iter(districts), {}, as_completed()
    keys: dict[str, str] = {}

    def hand_out() -> None:
        """Give the scheduler as many districts as its workers will soon ask for."""
        slots = sum(client.nthreads().values())
        while len(keys) < HANDED_OUT * max(1, slots) and (district := next(waiting, None)):
            future = client.submit(
                run_district,
                district,
                order,
                last_run(order, district.key),
                key=("night", order.token.name, district.key),  # one kind of task: Dask counts kinds for good
                pure=False,
            )
            keys[future.key] = district.key
            ended.add(future)

    hand_out()
    for future in ended:
        key = keys.pop(future.key)
        results[key] = _result(key, future)
        for event in events_of(results[key]):
            listen(event)
        hand_out()
    return results


def _result(key: str, future: Future[NightResult]) -> NightResult:
    if future.status == "finished":
        with suppress(Exception):  # the worker that had it was lost after that
            found: NightResult = future.result()
            return found
    if future.cancelled():
        return NightResult(key, "failed", INTERRUPTED, recorded=False, tried=False)
    return NightResult(key, "failed", _LOST, recorded=False)


@contextmanager
def _ended_by(interruption: Interruption, order: Order, client: Client) -> Iterator[None]:
    """Inside, a signal takes the token away, which ends the runs; another one no longer waits for them."""
    over, end = os.pipe()

    def watch() -> None:
        while over not in select([interruption.fileno(), over], [], [])[0]:
            interruption.seen()
            order.token.unlink(missing_ok=True)
            if interruption.count > 1:
                client.cancel(list(client.futures))

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        os.close(end)
        watching.join()
        os.close(over)
