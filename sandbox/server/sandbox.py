"""A simulated district that runs during a `with` block."""

from __future__ import annotations

import json
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

from district.settings import DistrictSettings
from sandbox.faults.catalog import make_faults
from sandbox.population.source import Source
from sandbox.server.api import Api, Total
from sandbox.server.https import HttpsServer
from sandbox.server.messages import Call, Reply, Served
from sandbox.server.oauth import Verifier
from sandbox.server.profile import Profile
from sandbox.server.tls import issue


class Sandbox:
    """A district's records behind the PLUS 360 API.

    Attributes:
        base_url: `https://localhost:<port>/plus360api/v1/<abc>/`, set inside the `with` block.
        ca_bundle: PEM file of the authority of the server's certificate, set inside the `with` block.
        consumer_key: `OneRoster_<ABC>_123`.
        consumer_secret: a new one for each sandbox.
        profile: the API Profile.
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
        """Set up a district; the server starts with the `with` block.

        Args:
            source: `folder(...)` or `generated(...)`.
            profile: the API Profile; by default, every checkbox is checked.
            abc: the district's code in the URL and in the consumer key.
            port: 0 for a free port.
            page_cap: the most records in a page, whatever limit was requested.
            default_limit: records in a page if no limit was requested.
            total: where the server reports the number of records.
            faults: how the server misbehaves: names in `sandbox.faults.catalog.FAULTS`, with parameters.
            seed: of faults that happen at random.

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
        self._api = Api(
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
        """Make a certificate and start the server."""
        folder = Path(self._running.enter_context(tempfile.TemporaryDirectory(prefix="sandbox-")))
        kinds = [fault.certificate_kind for fault in self._faults if fault.certificate_kind]
        tls = issue(folder, kinds[0] if kinds else "good")
        server = HttpsServer(self._port, tls.context, self._reply, self._http_date)
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self._running.callback(server.stop)
        self.ca_bundle = tls.ca_bundle
        self.base_url = f"https://localhost:{server.server_port}{self._base_path}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server, close all connections and delete the certificate files."""
        self._running.close()

    def settings(
        self, key: str = "sandbox", name: str = "Sandbox Schools", **more: object
    ) -> DistrictSettings:
        """The settings of a district that pulls from this sandbox; `more` adds settings or replaces them."""
        values: dict[str, object] = {
            "key": key,
            "name": name,
            "base_url": self.base_url,
            "consumer_key": self.consumer_key,
            "ca_bundle": self.ca_bundle,
        }
        return DistrictSettings.model_validate(values | more)

    def settings_table(self, key: str = "sandbox", name: str = "Sandbox Schools", **more: object) -> str:
        """The same settings as a table of districts.toml."""
        values = self.settings(key, name, **more).model_dump(mode="json", exclude_unset=True, exclude={"key"})
        lines = [f"{label} = {_toml(value)}" for label, value in values.items()]
        return "\n".join([f"[districts.{key}]", *lines, ""])

    def _reply(self, call: Call) -> Reply:
        reply = self._api.reply(call)
        status = 0 if reply.wire == "reset" else reply.status
        self.log.append(Served(call.method, call.endpoint, call.limit, call.offset, status))
        return reply

    def _http_date(self) -> str:
        """The server's clock, as in its Date header."""
        return formatdate(time.time() + self._clock_offset, usegmt=True)


def _toml(value: object) -> str:
    """A value in TOML, which differs from JSON in tables only."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return json.dumps(value, ensure_ascii=False)
