"""Connections to one district's server: HTTPS, directly or through a proxy's tunnel, and under a deadline.

Requests have the origin form, `GET /path`, with the server's name in Host: firewalls take the absolute form
for a proxy's traffic. TLS is spoken with the server itself, also through a proxy. The certificate is always
verified, against `ca_bundle` alone where the district has one. No redirect is followed.
"""

import base64
import math
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import certifi
import urllib3
from urllib3.connection import HTTPSConnection

from district.network.proxy import Proxy
from district.settings import DistrictSettings
from extract import outcomes
from extract.api.classify import failure
from extract.errors import EndpointError

_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})\b")
_MOST_HEADER_BYTES = 16_384
_LOGIN_REQUIRED = 407


class _Deadline(threading.local):
    """When the request of this thread is given up, by time.monotonic()."""

    at: float = math.inf


class _Socket(ssl.SSLSocket):
    """Gives up at the deadline, however the server spreads its bytes: headers, too, can drip for days."""

    deadline: _Deadline

    def recv_into(self, *args: Any, **options: Any) -> int:  # noqa: ANN401 - the parameters of ssl
        if time.monotonic() > self.deadline.at:
            raise EndpointError(outcomes.TOO_SLOW)
        return super().recv_into(*args, **options)


class _Connection(HTTPSConnection):
    """One connection, through a proxy where there is one."""

    def __init__(self, *args: Any, through: Proxy | None, deadline: _Deadline, **options: Any) -> None:  # noqa: ANN401 - urllib3's
        super().__init__(*args, **options)
        self._through = through
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, _Socket):
            self.sock.deadline = self._deadline

    @property
    def is_connected(self) -> bool:
        """Whether it can be used again: bytes that nobody asked for must not answer the next request."""
        left_over = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0
        return super().is_connected and not left_over

    def _new_conn(self) -> socket.socket:
        """Called by urllib3, which speaks TLS over the socket returned."""
        if self._through is None:
            return super()._new_conn()
        name = f"[{self.host}]" if ":" in self.host else self.host
        seconds = float(self.timeout) if isinstance(self.timeout, int | float) else 10.0
        return _tunnel(self._through, f"{name}:{self.port}", time.monotonic() + seconds)


class Connections:
    """The connections to a district's server; shared by the worker threads."""

    def __init__(
        self, district: DistrictSettings, *, most: int, connect_seconds: float, silence_seconds: float
    ) -> None:
        """Prepares; nothing is sent yet.

        Args:
            district: its address, authorities and proxy.
            most: at a time.
            connect_seconds: for a connection to be made.
            silence_seconds: without one byte.
        """
        self._deadline = _Deadline()
        address = urllib3.util.parse_url(district.base_url)
        self._pool = urllib3.HTTPSConnectionPool(
            address.host or "",
            address.port or 443,
            maxsize=most,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=connect_seconds, read=silence_seconds),
            ssl_context=_tls_context(district),
            through=district.through,
            deadline=self._deadline,
        )
        self._pool.ConnectionCls = _Connection

    @contextmanager
    def get(
        self, url: str, headers: Mapping[str, str], *, give_up_at: float
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """The answer to a GET; the body is read inside the `with` block, as it was sent.

        Raises:
            EndpointError: there is no complete answer.
        """
        self._deadline.at = give_up_at
        try:
            with self._pool.urlopen(
                "GET",
                urllib3.util.parse_url(url).request_uri,
                headers=headers,
                redirect=False,
                preload_content=False,
                decode_content=False,
            ) as response:
                yield response
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise failure(error) from None

    def close(self) -> None:
        """Closes all connections."""
        self._pool.close()


def _tls_context(district: DistrictSettings) -> ssl.SSLContext:
    """Verifies against ca_bundle alone where there is one, else the system's and certifi's authorities."""
    if district.ca_bundle:
        context = ssl.create_default_context(cafile=district.ca_bundle)
    else:
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _Socket
    return context


def _tunnel(proxy: Proxy, server: str, give_up_at: float) -> socket.socket:
    """A socket that the proxy has connected to the server, "host:port" [RFC 9110, CONNECT].

    Raises:
        EndpointError: there is no proxy, or it does not do it.
    """
    if not proxy.host:
        raise EndpointError(outcomes.PROXY_ADDRESS)
    try:
        through = socket.create_connection((proxy.host, proxy.port), give_up_at - time.monotonic())
    except (OSError, UnicodeError):
        raise EndpointError(outcomes.PROXY_NOT_FOUND) from None
    try:
        through.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        through.sendall(_connect_request(proxy, server))
        _refuse_unless_connected(_status_of(through, give_up_at))
    except OSError:
        through.close()
        raise EndpointError(outcomes.PROXY_NOT_FOUND) from None
    except EndpointError:
        through.close()
        raise
    return through


def _connect_request(proxy: Proxy, server: str) -> bytes:
    lines = [f"CONNECT {server} HTTP/1.1", f"Host: {server}"]
    if proxy.login:
        login = base64.b64encode(proxy.login.get_secret_value().encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {login}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _status_of(through: socket.socket, give_up_at: float) -> int:
    """The status of the proxy's answer. Read byte by byte: what follows it belongs to the server."""
    head = b""
    while not head.endswith((b"\r\n\r\n", b"\n\n")):
        left = give_up_at - time.monotonic()
        if left <= 0 or len(head) > _MOST_HEADER_BYTES:
            raise EndpointError(outcomes.PROXY_NOT_FOUND)
        through.settimeout(left)
        byte = through.recv(1)
        if not byte:
            break
        head += byte
    match = _STATUS.match(head)
    if match is None:
        raise EndpointError(outcomes.PROXY_NOT_FOUND)
    return int(match.group(1))


def _refuse_unless_connected(status: int) -> None:
    if 200 <= status < 300:
        return
    if status == _LOGIN_REQUIRED:
        raise EndpointError(outcomes.PROXY_WANTS_LOGIN)
    outcome = outcomes.PROXY_HAS_NO_WAY if status >= 500 else outcomes.PROXY_REFUSES
    raise EndpointError(outcome, of_status=status)
