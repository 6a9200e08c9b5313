"""A district's server on loopback: HTTPS with keep-alive and gzip, one thread a connection."""

from __future__ import annotations

import gzip
import os
import secrets
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qs, urlsplit

from sandbox.exchange import Call, Reply, Served
from sandbox.faults import make_faults
from sandbox.oauth import Verifier
from sandbox.profile import ENDPOINTS, Profile
from sandbox.rules import Rules, Total
from sandbox.source import Source
from sandbox.tls import issue

SLOW_CHUNK_BYTES = 64


class Sandbox:
    """A simulated district, running while the `with` block is.

    Attributes:
        base_url: what the district would write into its settings, `https://localhost:<port>/plus360api/v1/<abc>/`.
        ca_bundle: PEM file of the throw-away authority that signed the server's certificate.
        consumer_key: `OneRoster_<ABC>_123`.
        consumer_secret: made anew for each sandbox.
        log: the requests served, oldest first.
    """

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
        """Prepare a district; it listens from `__enter__` on.

        Args:
            source: `folder(...)` or `generated(...)`.
            profile: the API Profile's boxes; all ticked by default.
            abc: the district's code in the URL and in the consumer key.
            port: 0 takes a free one.
            page_cap: most records a page has, whatever the limit asked.
            default_limit: records a page has when no limit is asked.
            total: where the number of records is told.
            faults: how the server misbehaves: names of `sandbox.faults.FAULTS`, each with its parameters.
            seed: of the faults that come at random.
        """
        self.profile = profile or Profile()
        self.consumer_key = f"OneRoster_{abc.upper()}_123"
        self.consumer_secret = secrets.token_hex(16)
        self.log: list[Served] = []
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox-")
        self._faults = make_faults(faults or {}, seed)
        kinds = [fault.certificate_kind for fault in self._faults if fault.certificate_kind]
        clock_offset = sum(fault.clock_offset_seconds for fault in self._faults)
        tls = issue(Path(self._folder.name), kinds[0] if kinds else "good")
        self.ca_bundle = tls.ca_bundle
        base_path = f"/plus360api/v1/{abc}/"
        verifier = Verifier(self.consumer_key, self.consumer_secret, clock_offset)
        self._rules = Rules(
            source,
            self.profile,
            verifier,
            base_path=base_path,
            page_cap=page_cap,
            default_limit=default_limit,
            total=total,
            faults=self._faults,
        )
        self._clock_offset = clock_offset
        self._numbers = count(1)
        self._lock = Lock()
        self._server = _Server(("127.0.0.1", port), _Handler, self)
        self._server.socket = tls.context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.base_url = f"https://localhost:{self._server.server_port}{base_path}"

    def __enter__(self) -> Self:
        """Start to serve."""
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop to serve, close every connection and remove the authority."""
        self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()
        self._folder.cleanup()

    def answer(self, call: Call) -> Reply:
        """Answer one request and write it into the log."""
        reply = self._rules.answer(call)
        status = 0 if reply.wire == "reset" else reply.status
        self.log.append(Served(call.method, call.endpoint, call.limit, call.offset, status))
        return reply

    def next_number(self) -> int:
        """The number of the request that comes in now."""
        with self._lock:
            return next(self._numbers)

    def http_date(self) -> str:
        """The server's clock, as its Date header says it."""
        return formatdate(time.time() + self._clock_offset, usegmt=True)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], sandbox: Sandbox
    ) -> None:
        self.sandbox = sandbox
        self._connections: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was faster

    def handle_error(self, request: Any, client_address: object) -> None:  # noqa: ANN401 - as typed above us
        """Say nothing of clients that hang up or refuse our certificate: that is what they are tested for."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        sandbox = cast(_Server, self.server).sandbox
        reply = sandbox.answer(self._call(sandbox.next_number()))
        self._send(reply, sandbox.http_date())

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 - names given by http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """The sandbox keeps its own log."""

    def _call(self, number: int) -> Call:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        last = parts.path.rsplit("/", 1)[-1]
        return Call(
            number=number,
            method=self.command,
            path=parts.path,
            query=parts.query,
            endpoint=last if last in ENDPOINTS else "",
            limit=_whole_number(query.get("limit")),
            offset=_whole_number(query.get("offset")) or 0,
            host=self.headers.get("Host", ""),
            authorization=self.headers.get("Authorization", ""),
        )

    def _send(self, reply: Reply, date: str) -> None:
        if reply.wire == "reset":
            self._reset()
            return
        body, headers = reply.body, dict(reply.headers)
        if "gzip" in self.headers.get("Accept-Encoding", "") and "Content-Encoding" not in headers:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        phrase = HTTPStatus(reply.status).phrase
        headers |= {"Date": date, "Content-Type": reply.content_type, "Content-Length": str(len(body))}
        head = f"HTTP/1.1 {reply.status} {phrase}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        if self.command == "HEAD":
            body = b""
        self._write(head.encode("latin-1"), body, reply)

    def _write(self, head: bytes, body: bytes, reply: Reply) -> None:
        if reply.wire == "half":
            self.wfile.write(head + body[: len(body) // 2])
            self.close_connection = True
        elif reply.wire == "slow":
            self.wfile.write(head)
            for start in range(0, len(body), SLOW_CHUNK_BYTES):
                time.sleep(reply.pause_seconds)
                self.wfile.write(body[start : start + SLOW_CHUNK_BYTES])
        else:
            self.wfile.write(head + body)

    def _reset(self) -> None:
        """Close so that the client's kernel says 'connection reset by peer'."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        self.close_connection = True


def _whole_number(values: list[str] | None) -> int | None:
    return int(values[0]) if values and values[0].isascii() and values[0].isdigit() else None
