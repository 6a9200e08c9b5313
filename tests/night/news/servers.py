"""Servers on loopback that receive what is sent: a web hook, and a mail server."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MEGABYTE = 2**20


class WebHook:
    """Receives posts.

    Attributes:
        requests: path and body of each, in their order.
        status: with which it answers.
        is_endless: whether its answer has no end; `received` is how much of it was taken.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.requests: list[tuple[str, str]] = []
        self.status = 200
        self.is_endless = False
        self.received = 0

    @property
    def notifications(self) -> list[dict[str, Any]]:
        """What Apprise's `json://` sent."""
        return [json.loads(body) for _, body in self.requests if body.startswith("{")]


@contextmanager
def web_hook() -> Iterator[WebHook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            hook.requests.append((self.path, body.decode()))
            self.send_response(hook.status)
            if hook.status == 302:
                self.send_header("Location", f"http://127.0.0.1:{hook.port}/elsewhere")
            self.end_headers()
            with suppress(ConnectionError):
                while hook.is_endless:
                    hook.received += self.wfile.write(bytes(MEGABYTE))

        def log_message(self, *_: object) -> None:
            pass

    with _serving(ThreadingHTTPServer, Handler) as port:
        hook = WebHook(port)
        yield hook


@contextmanager
def mail_server() -> Iterator[tuple[int, list[EmailMessage]]]:
    """The port, and what was received."""
    received: list[EmailMessage] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            for line in iter(self.rfile.readline, b""):
                if line[:4].upper() == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = iter(self.rfile.readline, b".\r\n")
                    received.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
                self.wfile.write(b"221 bye\r\n" if line[:4].upper() == b"QUIT" else b"250 fine\r\n")

    with _serving(socketserver.ThreadingTCPServer, Handler) as port:
        yield port, received


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections, and never says a word."""
    over = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            over.wait(60)

    with _serving(socketserver.ThreadingTCPServer, Handler) as port:
        yield port
        over.set()


@contextmanager
def _serving(kind: Callable[..., socketserver.BaseServer], handler: type) -> Iterator[int]:
    server = kind(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]  # type: ignore[misc,index]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
