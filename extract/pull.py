"""Pulls a district's seven endpoints into its raw.duckdb.

An endpoint counts only when its last page is in; what was interrupted leaves nothing behind.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
from pydantic import SecretStr

from district.private_files import private_files
from district.settings import DistrictSettings
from extract.api.client import RetryPolicy
from extract.district_pull import DistrictPull, Progress
from extract.endpoint_pull import PullProgress
from extract.errors import DiskFullError, DistrictBusyError
from extract.store.raw_store import FILE_NAME, Pull, open_store, prune

__all__ = ["PullProgress", "pull_district"]

# A full disk, a used-up quota, or a limit on the size of files.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def pull_district(
    district: DistrictSettings,
    secret: SecretStr,
    directory: Path,
    run_id: str,
    progress: Progress | None = None,
    *,
    policy: RetryPolicy | None = None,
) -> list[Pull]:
    """Pulls the seven endpoints of a district into `directory`/raw.duckdb under `run_id`.

    Args:
        district: where to and how.
        secret: the consumer secret.
        directory: the district's folder.
        run_id: as `raw_store.new_run_id()` makes it.
        progress: called in this thread as endpoints move on.
        policy: how patient; the default is fit for a night.

    Returns:
        One Pull an endpoint, in the order of `endpoints.ENDPOINTS`: trouble with an endpoint is a Pull with
        its state.

    Raises:
        DistrictError: what concerns the whole district: locked by another run, raw.duckdb in use, disk full.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with private_files(), _alone(district, directory), _disk_full():
        store = open_store(directory / FILE_NAME)
        try:
            prune(store)
            pull = DistrictPull(
                district,
                secret,
                directory,
                run_id,
                store=store,
                progress=progress,
                policy=policy or RetryPolicy(),
            )
            return pull.run()
        finally:
            store.close()


@contextmanager
def _alone(district: DistrictSettings, directory: Path) -> Iterator[None]:
    """One extract of a district at a time, on this machine and any other that shares the folder."""
    try:
        with filelock.FileLock(directory / "extract.lock", timeout=0, mode=0o600):
            yield
    except filelock.Timeout:
        raise DistrictBusyError(
            f"{district.key}: another extract of this district is running. Wait until it is done, or stop it"
        ) from None


@contextmanager
def _disk_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise DiskFullError(
            "the disk is full. Make room, then run again; nothing of an earlier night was lost"
        ) from None
