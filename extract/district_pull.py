"""One pull of the seven endpoints: worker threads fetch and spool pages, the caller's thread lands them.

Pages of all endpoints are fetched in parallel. They land in batches, in one transaction per endpoint, the
endpoints in their order as far as possible: so few transactions are open at a time, and each ends soon.
"""

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from pydantic import SecretStr

from district.endpoints import ENDPOINTS
from district.settings import DistrictSettings
from extract.api.client import Client, RetryPolicy
from extract.api.page import Page
from extract.api.paging import PageRequest, Paginator
from extract.endpoint_pull import MOST_PASSES, EndpointPull, PullProgress
from extract.errors import EndpointError, PageMismatchError
from extract.outcomes import UNREADABLE
from extract.preflight.field_labels import read_field_labels
from extract.store.landing import Landing, Spool
from extract.store.pulls import Pull

_PROGRESS_SECONDS = 0.1
# Workers that still wait for the network after this are left to end with the process.
_JOIN_SECONDS = 2.0

Progress = Callable[[PullProgress], None]


class DistrictPull:
    """The seven endpoint pulls. Each changes only under the lock that the two conditions share."""

    def __init__(
        self,
        district: DistrictSettings,
        secret: SecretStr,
        spool: Path,
        run_id: str,
        *,
        store: duckdb.DuckDBPyConnection,
        progress: Progress | None,
        policy: RetryPolicy,
    ) -> None:
        self._district = district
        self._run_id = run_id
        self._progress = progress
        self._reported: dict[str, PullProgress] = {}
        self._stop = threading.Event()
        lock = threading.Lock()
        self._to_fetch, self._to_land = threading.Condition(lock), threading.Condition(lock)
        self._crash: BaseException | None = None
        self._client = Client(district, secret, policy, self._stop)
        self._spool = Spool(spool)
        self._pulls = [
            EndpointPull(endpoint, Landing(store, run_id, endpoint), district.page_size)
            for endpoint in ENDPOINTS
        ]
        self._workers = [
            threading.Thread(target=self._work, daemon=True) for _ in range(district.connections)
        ]

    def run(self) -> list[Pull]:
        """Pulls every endpoint to its end."""
        # gc.freeze(): imported modules never become garbage, and scanning them costs a tenth of a large pull.
        gc.freeze()
        for worker in self._workers:
            worker.start()
        try:
            while pull := self._next_to_land():
                self._land(pull)
                self._report_progress()
        finally:
            gc.unfreeze()
            self._stop.set()
            with self._to_fetch:
                self._to_fetch.notify_all()
            self._spool.close()
            self._client.close()
            give_up_at = time.monotonic() + _JOIN_SECONDS
            for worker in self._workers:
                worker.join(max(0, give_up_at - time.monotonic()))
        return [pull.result for pull in self._pulls if pull.result]

    @property
    def labels(self) -> dict[str, list[str]]:
        """The labels of each endpoint, once it ran; none where nothing was stored."""
        return {
            pull.endpoint.name: self._client.labels(pull.endpoint) if pull.result and pull.result.rows else []
            for pull in self._pulls
        }

    # In the worker threads

    def _work(self) -> None:
        """Fetches pages until all are fetched; a bug of ours ends the whole pull, not only a thread."""
        try:
            _lower_priority()
            while taken := self._next_to_fetch():
                self._fetch(*taken)
        except BaseException as error:
            with self._to_land:
                self._crash = error
                self._to_land.notify()

    def _fetch(self, pull: EndpointPull, paginator: Paginator, request: PageRequest) -> None:
        try:
            page, retries = self._client.page(pull.endpoint, request)
            self._keep(pull, paginator, request, page, retries)
        except EndpointError as error:
            with self._to_land:
                if pull.paginator is paginator:
                    pull.fail(error)
                    self._to_land.notify()

    def _next_to_fetch(self) -> tuple[EndpointPull, Paginator, PageRequest] | None:
        with self._to_fetch:
            while not self._stop.is_set():
                for pull in self._pulls:
                    if pull.has_request:
                        return pull, pull.paginator, pull.next_request()
                self._to_fetch.wait()
        return None

    def _keep(
        self, pull: EndpointPull, paginator: Paginator, request: PageRequest, page: Page, retries: int
    ) -> None:
        """Notes a page, then spools it (and waits there while the spool is full)."""
        with self._to_fetch:
            if pull.paginator is not paginator or pull.error:
                return
            rows = pull.receive(request, page, retries)
            if pull.has_request:
                self._to_fetch.notify_all()
        spooled = self._spool.put(request.position, rows, page.content) if rows else None
        with self._to_land:
            if pull.paginator is paginator and not pull.error:
                pull.spooled(spooled)
                if pull.has_batch:
                    self._to_land.notify()
                return
        if spooled:
            self._spool.free([spooled])

    # In the caller's thread

    def _next_to_land(self) -> EndpointPull | None:
        """Waits for an endpoint that ended, or has a batch ready; None when all are done."""
        with self._to_land:
            while not self._crash:
                unfinished = [pull for pull in self._pulls if not pull.result]
                if not unfinished:
                    return None
                # The first one that can: so few transactions are open at a time, and each ends soon.
                ready = [pull for pull in unfinished if pull.has_batch]
                if ready:
                    return ready[0]
                self._to_land.wait(_PROGRESS_SECONDS)
                self._report_progress()
            raise self._crash

    def _land(self, pull: EndpointPull) -> None:
        """Lands the waiting pages; after the last one, ends the endpoint or starts its second pass."""
        with self._to_land:
            pages = pull.take_batch()
            ended = pull.ended and not pull.waiting
        try:
            if pull.error is None:
                pull.landing.land(pages, datetime.now(UTC))
        except PageMismatchError:
            if pull.passes < MOST_PASSES:
                self._read_again(pull)
            else:
                with self._to_land:
                    pull.fail(EndpointError(UNREADABLE, status=200))
            return
        finally:
            self._spool.free(pages)
        if not ended:
            return
        if pull.needs_keys:
            labels = read_field_labels(self._district, pull.endpoint.name)
            pull.duplicates = pull.landing.duplicates(labels, pull.page_starts)
        if pull.needs_another_pass:
            self._read_again(pull)
        else:
            self._end(pull)

    def _read_again(self, pull: EndpointPull) -> None:
        """The pages don't match, or a key is on two of them: another pass, one counted page after another."""
        pull.landing.roll_back()
        with self._to_fetch:
            dropped = pull.begin_pass()
            self._to_fetch.notify()
        self._spool.free(dropped)

    def _end(self, pull: EndpointPull) -> None:
        """Commits the endpoint's rows and its Pull; or the Pull alone if it failed."""
        if pull.error:
            pull.landing.roll_back()
        pull.result = pull.end(self._run_id)
        pull.landing.commit(pull.result)

    def _report_progress(self) -> None:
        """Calls the caller's progress with what changed since the last call."""
        if self._progress is None:
            return
        for pull in self._pulls:
            now = pull.progress
            if now and now != self._reported.get(now.endpoint):
                self._reported[now.endpoint] = now
                self._progress(now)


def _lower_priority() -> None:
    """Lets the landing thread go first: pages fetched meanwhile would only wait for it."""
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        with suppress(OSError):  # a container may forbid it; everything works without
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
