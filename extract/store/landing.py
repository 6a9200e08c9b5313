"""Pages on their way into raw.duckdb: spooled to files, landed in batches, one transaction per endpoint."""

import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from district.endpoints import Endpoint
from extract.errors import PageMismatchError
from extract.preflight.field_labels import FieldLabels
from extract.store.duplicates import Duplicates, find_duplicates
from extract.store.pulls import Pull, write_pull
from extract.store.raw_store import cursor_of, path_of
from extract.store.store_errors import store_errors

# A landing takes at least this much (it costs as much as a few pages), and at most this much (others wait).
LEAST_BATCH_BYTES = 2 * 2**20
BATCH_BYTES = 16 * 2**20
# Fetching waits while this much is not landed yet: a slow disk slows the network down, and fills no memory.
SPOOL_BYTES = 64 * 2**20


@dataclass(frozen=True)
class SpooledPage:
    """A page in its file: `rows` rows, the first of them at `position` of the pull."""

    position: int
    rows: int
    size: int
    path: Path


class Spool:
    """The folder where pages wait, and how many bytes do.

    Files are used again: making and deleting one for each page costs more than filling it.
    """

    def __init__(self, directory: Path) -> None:
        """Empties `directory`: what an interrupted run left there was never counted."""
        self._directory = directory
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(mode=0o700)
        self._room = threading.Condition()
        self._bytes = 0
        self._files = 0
        self._unused: list[Path] = []
        self._closed = False

    def put(self, position: int, rows: int, content: bytes) -> SpooledPage:
        """Writes a page to a file; waits while there is no space for it."""
        with self._room:
            while self._bytes and self._bytes + len(content) > SPOOL_BYTES and not self._closed:
                self._room.wait()
            self._bytes += len(content)
            path = self._unused.pop() if self._unused else self._new_name()
        # Written outside the lock: no one else waits for the disk. It is private by `private_files()`.
        with path.open("r+b" if path.exists() else "xb") as file:
            file.write(content)
            file.truncate()
        return SpooledPage(position, rows, len(content), path)

    def free(self, pages: list[SpooledPage]) -> None:
        """Frees the files of pages that are landed or dropped."""
        with self._room:
            self._unused.extend(page.path for page in pages)
            self._bytes -= sum(page.size for page in pages)
            self._room.notify_all()

    def close(self) -> None:
        """Deletes everything and ends all waiting."""
        with self._room:
            self._closed = True
            self._room.notify_all()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _new_name(self) -> Path:
        self._files += 1
        return self._directory / f"{self._files}.json"


class Landing:
    """One endpoint's transaction: batches of its pages, then its row of pulls; all or nothing."""

    def __init__(self, store: duckdb.DuckDBPyConnection, run_id: str, endpoint: Endpoint) -> None:
        """Takes a cursor of its own: the endpoints' transactions run in parallel."""
        self._cursor = cursor_of(store)
        self._path = path_of(store)
        self._run_id = run_id
        self._endpoint = endpoint
        self._begun = False

    def land(self, pages: list[SpooledPage], landed_at: datetime) -> None:
        """Lands pages as they are.

        Raises:
            PageMismatchError: the pages hold fewer or more rows than promised, or no records.
        """
        pages = sorted(pages, key=lambda page: page.position)
        files, shifts, rows = [], [], 0
        for page in pages:
            if page.rows:
                files.append(str(page.path))
                shifts.append(page.position - rows)
                rows += page.rows
        if not files:
            return
        with store_errors(self._path):
            self._begin()
            try:
                landed = self._cursor.execute(
                    f"""
                    insert into plus360."{self._endpoint.name}"
                    select
                        ?,
                        ?,
                        row_number() over () - 1 + list_extract(?::bigint[], file_index::bigint + 1),
                        ?,
                        case when starts_with(json, '{{') then json else error('not a record') end
                    from read_json_objects(?, format = 'array')
                    """,
                    [self._run_id, self._endpoint.name, shifts, landed_at.replace(tzinfo=None), files],
                ).fetchall()[0][0]
            except (duckdb.InvalidInputException, duckdb.ConversionException):
                raise PageMismatchError("a page is cut off or damaged JSON") from None
        if landed != rows:
            raise PageMismatchError(f"pages held {landed} rows where {rows} were promised")

    def duplicates(self, labels: FieldLabels, page_starts: Sequence[int]) -> Duplicates:
        """The keys that were landed more than once; each page began at one of the positions."""
        with store_errors(self._path):
            return find_duplicates(self._cursor, self._run_id, self._endpoint, labels, page_starts)

    def commit(self, pull: Pull) -> None:
        """Commits the landed pages together with their row of plus360.pulls."""
        with store_errors(self._path):
            self._begin()
            write_pull(self._cursor, pull)
            self._cursor.execute("commit")
            self._cursor.close()

    def roll_back(self) -> None:
        """Undoes what this endpoint landed so far."""
        if self._begun:
            with store_errors(self._path):
                self._cursor.execute("rollback")
        self._begun = False

    def _begin(self) -> None:
        if not self._begun:
            self._cursor.execute("begin")
        self._begun = True
