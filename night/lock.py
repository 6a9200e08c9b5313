"""One process at a time builds, publishes or decides for a district."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from district.errors import Plus360Error
from district.folder import DistrictFolder


class DistrictLockedError(Plus360Error):
    """Another nightly run, build or decision of this district is at work."""


@contextmanager
def locked(folder: DistrictFolder) -> Iterator[None]:
    """Hold the district's lock inside.

    Raises:
        DistrictLockedError: another process holds it.
    """
    try:
        with FileLock(folder.lock, timeout=0):
            yield
    except Timeout:
        raise DistrictLockedError(
            f"{folder.key}: another nightly run of this district is at work. Run again when it is done"
        ) from None
