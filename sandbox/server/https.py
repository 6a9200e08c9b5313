"""HTTPS on loopback: keep-alive, gzip, one thread per connection, and ways to break a reply."""

from __future__ import annotations

import gzip
import os
import re
import socket
import struct
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from sandbox.server.messages import Call, Reply
from sandbox.server.profile import ENDPOINTS

SLOW_CHUNK_BYTES = 64
_ABSOLUTE_FORM = Reply(400, b'{"message":"The request has the absolute form, which is for proxies."}')


class HttpsServer(ThreadingHTTPServer):
    """Passes each request to `reply`, and sends the result."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, port: int, context: SSLContext, reply: Callable[[Call], Reply], date: Callable[[], str]
    ) -> None:
        """Listen on a port of loopback, 0 for a free one; `date` gives the Date header."""
        self.reply = reply
        self.date = date
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)
        # The connection's own thread does the handshake, so that a slow client doesn't block others.
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def stop(self) -> None:
        """Accept no more connections and close the open ones."""
        self.shutdown()
        self.server_close()
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client closed it already

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the type in socketserver
        """Remember the connection."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - the type in socketserver
        """Forget the connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the type in socketserver
        """Print no traceback when a client hangs up or rejects the certificate: tests do so on purpose."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        server = cast(HttpsServer, self.server)
        # A server that takes this for a proxy's request is usual; this one must notice it.
        is_absolute = not self.path.startswith("/")
        self._send(_ABSOLUTE_FORM if is_absolute else server.reply(self._call()), server.date())

    def do_POST(self) -> None:
        self.close_connection = True  # the request's body was not read
        self.do_GET()

    do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - names from http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Print nothing: the sandbox keeps its own log."""

    def _call(self) -> Call:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        last = parts.path.rsplit("/", 1)[-1]
        return Call(
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
        if reply.wire == "raw":
            self._send_raw(reply)
            return
        body, headers = reply.body, dict(reply.headers)
        if "gzip" in self.headers.get("Accept-Encoding", "") and "Content-Encoding" not in headers:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        headers |= {"Date": date, "Content-Type": reply.content_type, "Content-Length": str(len(body))}
        lines = [f"HTTP/1.1 {reply.status} {reply.reason or HTTPStatus(reply.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._write("\r\n".join([*lines, "", ""]).encode("latin-1"), body, reply)

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
            self.wfile.write((head + body) * (2 if reply.wire == "twice" else 1))

    def _send_raw(self, reply: Reply) -> None:
        """What is sent again ends when the client hangs up: then it can't be written."""
        self.close_connection = True
        self.wfile.write(reply.body)
        while reply.again:
            time.sleep(reply.pause_seconds)
            self.wfile.write(reply.again)

    def _reset(self) -> None:
        """Close the connection with a reset, so that the client sees 'connection reset by peer'."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        self.close_connection = True


def _whole_number(values: list[str] | None) -> int | None:
    return int(values[0]) if values and re.fullmatch(r"[0-9]{1,9}", values[0]) else None
