"""A network's HTTP proxy on loopback: it tunnels with CONNECT, and can demand a login or refuse."""

from __future__ import annotations

import base64
import socket
import socketserver
from collections.abc import Sequence
from threading import Thread
from types import TracebackType
from typing import Self, cast

_PIECE = 1 << 16


class Proxy:
    """A proxy that runs during a `with` block. Whatever host is named, it connects to loopback.

    Attributes:
        port: where it listens, set inside the `with` block.
        requests: the request line of each request, oldest first.
        logins: the Proxy-Authorization of each request that had one.
    """

    port: int

    def __init__(self, *, login: str | None = None, answer: bytes | None = None) -> None:
        """Prepare it.

        Args:
            login: "user:password" that it demands.
            answer: what it sends to every request instead of doing anything.
        """
        self.requests: list[str] = []
        self.logins: list[str] = []
        self.answer = answer
        self.authorization = (
            f"Basic {base64.b64encode(login.encode()).decode()}" if login is not None else None
        )

    @property
    def address(self) -> str:
        """As a setting or HTTPS_PROXY names it, without a login."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Start it."""
        self._server = _Server(self)
        self.port = int(self._server.server_address[1])
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it; tunnels end when one of their ends closes."""
        self._server.shutdown()
        self._server.server_close()

    def reply_to(self, lines: Sequence[str]) -> bytes:
        """The answer to a request that it does not tunnel; empty for one that it does."""
        login = next((line[21:] for line in lines if line.startswith("Proxy-Authorization: ")), None)
        self.logins += [login] if login else []
        if self.answer is not None:
            return self.answer
        if self.authorization and login != self.authorization:
            return (
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n"
                b"Content-Length: 0\r\n\r\n"
            )
        if not lines[0].startswith("CONNECT "):
            return b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"
        return b""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        proxy = cast(_Server, self.server).proxy
        client: socket.socket = self.request
        head = b""
        while not head.endswith(b"\r\n\r\n") and (byte := client.recv(1)):
            head += byte
        lines = head.decode("latin-1").split("\r\n")[:-2]
        if not lines:
            return
        proxy.requests.append(lines[0])
        if reply := proxy.reply_to(lines):
            client.sendall(reply)
            return
        port = int(lines[0].split(" ")[1].rpartition(":")[2])
        try:
            server = socket.create_connection(("127.0.0.1", port), 10)
        except OSError:
            client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        with server:
            server.settimeout(None)
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            Thread(target=_copy, args=(server, client), daemon=True).start()
            _copy(client, server)


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Pass on every byte until one of the two closes."""
    try:
        while piece := source.recv(_PIECE):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return  # the other end is gone
