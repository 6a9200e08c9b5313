"""A simulated district that runs while a `with` block does."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from email.utils import formatdate
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

from sandbox.faults.catalog import make_faults
from sandbox.population.source import Source
from sandbox.server.api import Rules, Total
from sandbox.server.https import HttpsServer
from sandbox.server.messages import Call, Reply, Served
from sandbox.server.oauth import Verifier
from sandbox.server.profile import Profile
from sandbox.server.tls import issue


class Sandbox:
    """A district's records behind the PLUS 360 API; see `sandbox.server.api` for what it answers.

    Attributes:
        base_url: what the district would write into its settings: `https://localhost:<port>/plus360api/v1/<abc>/`.
            Known inside the `with` block, as is the next one.
        ca_bundle: PEM file of the throw-away authority that signed the server's certificate.
        consumer_key: `OneRoster_<ABC>_123`.
        consumer_secret: made anew for each sandbox.
        profile: the boxes.
        log: the requests served, oldest first.
    """

    base_url: str
    ca_bundle: Path

    def __init__(
        self,
        source: Source,
        profile: Profile | None = None,
        *,
        abc: str = "abc",
        port: int = 0,
        page_cap: int = 5000,
        default_limit: int = 100,
        total: Total = "header",
        faults: Mapping[str, Mapping[str, Any]] | None = None,
        seed: int = 1,
    ) -> None:
        """Describe a district; it is there from `__enter__` on.

        Args:
            source: `folder(...)` or `generated(...)`.
            profile: the API Profile's boxes; all ticked by default.
            abc: the district's code in the URL and in the consumer key.
            port: 0 takes a free one.
            page_cap: most records a page has, whatever the limit asked.
            default_limit: records a page has when no limit is asked.
            total: where the number of records is told.
            faults: how the server misbehaves: names of `sandbox.faults.catalog.FAULTS`, with parameters.
            seed: of the faults that come at random.

        Raises:
            ValueError: there is no such fault.
        """
        self.profile = profile or Profile()
        self.consumer_key = f"OneRoster_{abc.upper()}_123"
        self.consumer_secret = secrets.token_hex(16)
        self.log: list[Served] = []
        self._port = port
        self._base_path = f"/plus360api/v1/{abc}/"
        self._faults = make_faults(faults or {}, seed)
        self._clock_offset = sum(fault.clock_offset_seconds for fault in self._faults)
        self._rules = Rules(
            source,
            self.profile,
            Verifier(self.consumer_key, self.consumer_secret, self._clock_offset),
            base_path=self._base_path,
            page_cap=page_cap,
            default_limit=default_limit,
            total=total,
            faults=self._faults,
        )
        self._running = ExitStack()

    def __enter__(self) -> Self:
        """Make an authority and start to serve."""
        folder = Path(self._running.enter_context(tempfile.TemporaryDirectory(prefix="sandbox-")))
        kinds = [fault.certificate_kind for fault in self._faults if fault.certificate_kind]
        tls = issue(folder, kinds[0] if kinds else "good")
        server = HttpsServer(self._port, tls.context, self._answer, self._http_date)
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self._running.callback(server.stop)
        self.ca_bundle = tls.ca_bundle
        self.base_url = f"https://localhost:{server.server_port}{self._base_path}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop to serve, close every connection and remove the authority."""
        self._running.close()

    def _answer(self, call: Call) -> Reply:
        reply = self._rules.answer(call)
        status = 0 if reply.wire == "reset" else reply.status
        self.log.append(Served(call.method, call.endpoint, call.limit, call.offset, status))
        return reply

    def _http_date(self) -> str:
        """The server's clock, as its Date header says it."""
        return formatdate(time.time() + self._clock_offset, usegmt=True)
