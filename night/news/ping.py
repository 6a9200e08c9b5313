"""Tells a monitor that a run starts, and how it ended: one that hears nothing raises the alarm.

As healthchecks.io expects it: a request to `<address>/start`, then to `<address>/<exit code>`. It goes to
that address and nowhere else, and its failure fails no run.
"""

from __future__ import annotations

import os
import ssl
import threading
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import typer
import urllib3

from district.network.proxy import Proxy, proxy_for
from district.settings.fleet import SHARD
from night.terminal.console import RETRY

# What is sent twice in vain, or takes longer than this, is given up.
LIMIT_SECONDS = 20.0
_TIMEOUT = urllib3.Timeout(connect=5, read=5)
_TWICE = urllib3.Retry(1, redirect=False, status=0, backoff_factor=0.5)


class Ping:
    """Around a command: tells its start, and the exit code with which it ends.

    Attributes:
        exit_code: what the command ends with; an error that ends it says so itself.
    """

    def __init__(self, address: str | None, say: Callable[[str], None], *, shard: int | None = None) -> None:
        """Tell nothing yet.

        Args:
            address: of the monitor; None to tell no one. With `{shard}` in it, each shard has a monitor of
                its own, and a command without a shard tells none of them.
            say: is told in one line what could not be sent.
            shard: which share of all districts this command runs, if it runs one.
        """
        self.exit_code = RETRY
        self._address, self._say = _of_shard(address, shard), say
        self._run = uuid.uuid4()  # two runs at the same time are two to the monitor
        self._start: threading.Thread | None = None

    def __enter__(self) -> Self:
        if self._address:  # the run does not wait for it
            self._start = threading.Thread(target=self._tell, args=("start",), daemon=True)
            self._start.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._start is None:
            return
        if error is not None:
            self.exit_code = error.exit_code if isinstance(error, typer.Exit) else RETRY
        end = threading.Thread(target=self._tell, args=(str(self.exit_code),), daemon=True)
        self._start.join(LIMIT_SECONDS)
        end.start()
        end.join(LIMIT_SECONDS)
        if self._start.is_alive() or end.is_alive():
            self._say("the ping could not be sent: the address in [fleet] ping answers too slowly")

    def _tell(self, what: str) -> None:
        try:
            status = _post(f"{self._address}/{what}?rid={self._run}")
        except Exception:  # whatever a library says may quote the address
            self._say("the ping could not be sent: no connection. Check [fleet] ping and the network")
            return
        if status >= 300:
            self._say(f"the ping was not accepted: HTTP {status}. Check [fleet] ping")


def _of_shard(address: str | None, shard: int | None) -> str | None:
    if address is None or SHARD not in address:
        return address
    return None if shard is None else address.replace(SHARD, str(shard))


def _post(address: str) -> int:
    """Send one request; returns the HTTP status."""
    parts = urlsplit(address)
    context = ssl.create_default_context()
    proxy = (
        proxy_for(None, parts.hostname or "", parts.port or 443, os.environ)
        if parts.scheme == "https"
        else None
    )
    with _pool(proxy, context) as pool:
        return pool.request(
            "POST",
            address,
            headers={"User-Agent": "plus360"},
            timeout=_TIMEOUT,
            retries=_TWICE,
            redirect=False,
            preload_content=False,
        ).status


def _pool(proxy: Proxy | None, context: ssl.SSLContext) -> urllib3.PoolManager:
    if proxy is None:
        return urllib3.PoolManager(ssl_context=context)
    login = proxy.login.get_secret_value() if proxy.login else None
    return urllib3.ProxyManager(
        f"http://{proxy.host}:{proxy.port}",
        proxy_headers=urllib3.make_headers(proxy_basic_auth=login),
        ssl_context=context,
    )
