"""Pulls a district's seven endpoints into its raw.duckdb.

An endpoint counts only when its last page was received; an interrupted pull leaves nothing behind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import filelock
from pydantic import SecretStr

from district.errors import FULL_DISK
from district.folder import DistrictFolder, NightFolder
from district.network.hours import clock_time
from district.private_files import make_private_folder, private_files
from district.settings import DistrictSettings
from extract.api.client import RetryPolicy
from extract.district_pull import DistrictPull, Progress
from extract.endpoint_pull import PullProgress
from extract.errors import DiskFullError, DistrictBusyError, OutsideHoursError
from extract.store.latest import show_latest
from extract.store.pulls import Pull
from extract.store.raw_store import open_store
from extract.store.retention import prune
from extract.store.store_errors import store_errors

__all__ = ["PullProgress", "pull_district"]


def pull_district(
    district: DistrictSettings,
    secret: SecretStr,
    night: NightFolder,
    progress: Progress | None = None,
    *,
    policy: RetryPolicy | None = None,
    now: datetime | None = None,
) -> list[Pull]:
    """Pulls the seven endpoints of a district into its raw.duckdb under the run's id.

    Args:
        district: where to and how.
        secret: the consumer secret.
        night: the run's folder; only its district's files are written.
        progress: called in this thread as endpoints progress.
        policy: how patient; the default is made for a nightly run.
        now: the time; by the district's clock it is compared with its hours.

    Returns:
        One Pull per endpoint, in the order of `endpoints.ENDPOINTS`; its state and outcome say how it ended.

    Raises:
        DistrictError: the whole district can't be pulled: the wrong hours, another run, raw.duckdb in use,
            disk full.
    """
    _within_hours(district, now or datetime.now(UTC))
    folder = night.district
    make_private_folder(folder.path)
    with private_files(), _alone(folder), _disk_full(), store_errors(folder.raw):
        store = open_store(folder.raw)
        try:
            prune(store)
            pull = DistrictPull(
                district,
                secret,
                folder.spool,
                night.run_id,
                store=store,
                progress=progress,
                policy=policy or RetryPolicy(),
            )
            pulls = pull.run()
            show_latest(store, {night.run_id: pull.labels})
            return pulls
        finally:
            store.close()


def _within_hours(district: DistrictSettings, now: datetime) -> None:
    """Refuses to start outside the district's hours; a pull that started in them may end outside."""
    hours, local = district.open_hours, district.calendar.local(now)
    if hours and not hours.contain(local):
        zone = f" in {district.time_zone}" if district.time_zone else ""
        clock = clock_time(local.time()) + zone
        raise OutsideHoursError(
            f"{district.key}: its settings allow pulls from {hours} only; it is {clock}. Run it again then"
        )


@contextmanager
def _alone(folder: DistrictFolder) -> Iterator[None]:
    """One extract of a district at a time, on this machine and any other that shares the folder."""
    try:
        with filelock.FileLock(folder.extract_lock, timeout=0, mode=0o600):
            yield
    except filelock.Timeout:
        raise DistrictBusyError(
            f"{folder.key}: another extract of this district is running. Wait until it ends, or stop it"
        ) from None


@contextmanager
def _disk_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in FULL_DISK:
            raise
        raise DiskFullError(
            "the disk is full. Free some space, then run it again; nothing of an earlier run was lost"
        ) from None
