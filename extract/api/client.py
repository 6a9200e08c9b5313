"""The signed client: one page, as often as it takes.

urllib3 carries the requests, without its own retries: the server records every nonce, so each attempt is
signed afresh. The certificate is always verified, against `ca_bundle` alone where the district has one, and
no variable of the environment overrules that. No redirect is followed.
"""

import ssl
import threading
import time
from dataclasses import dataclass, replace
from random import uniform
from typing import cast
from urllib.parse import urlencode, urlsplit

import certifi
import tenacity
import urllib3
from isal import isal_zlib
from pydantic import SecretStr
from requests_oauthlib import OAuth1

from district.endpoints import Endpoint
from district.settings import DistrictSettings
from extract.api.classify import failure, refusal
from extract.api.page import Page, read_page, whole_number
from extract.api.paging import PageRequest
from extract.api.rate_limit import RateLimiter
from extract.errors import BrokenError, TransientError

TOTAL_HEADER = "X-Total-Count"  # [assumed]
_PIECE = 1 << 18
_GZIP = 16 + 15  # zlib's way to say: with gzip's header, the largest window
_BROKEN_OFF = cast(type[Exception], isal_zlib.error)  # isal's stub calls it an instance


@dataclass(frozen=True)
class RetryPolicy:
    """How patient the client is.

    Attributes:
        attempts: for one page; what the server asks to wait for does not count.
        base_seconds: the first back-off; doubles each time, with jitter.
        longest_seconds: no back-off is longer.
        connect_seconds: for a connection to come about.
        silence_seconds: without one byte.
        page_seconds: for one page, so that a server that drips is given up.
        page_bytes: a page larger than this, unpacked, is refused.
    """

    attempts: int = 8
    base_seconds: float = 0.5
    longest_seconds: float = 30.0
    connect_seconds: float = 10.0
    silence_seconds: float = 30.0
    page_seconds: float = 180.0
    page_bytes: int = 32 * 2**20


class Client:
    """Fetches pages of one district; shared by its worker threads."""

    def __init__(
        self, district: DistrictSettings, secret: SecretStr, policy: RetryPolicy, stop: threading.Event
    ) -> None:
        """Prepares; nothing is asked of the network yet.

        Args:
            district: where to and how.
            secret: the consumer secret.
            policy: how patient.
            stop: set by the caller to end all waiting.
        """
        self._district = district
        self._policy = policy
        self._stop = stop
        self._give_up_at = time.monotonic() + district.time_budget_seconds
        self.rate_limiter = RateLimiter(district.connections, stop, self._give_up_at)
        self._signer = OAuth1(
            district.consumer_key,
            client_secret=secret.get_secret_value(),
            signature_method=district.signature_method,
        ).client
        parts = urlsplit(district.base_url)
        self._pool = urllib3.HTTPSConnectionPool(
            parts.hostname or "",
            parts.port or 443,
            maxsize=district.connections,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=policy.connect_seconds, read=policy.silence_seconds),
            ssl_context=tls_context(district),
            headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "plus360"},
        )

    def close(self) -> None:
        """Closes all connections."""
        self._pool.close()

    def page(self, endpoint: Endpoint, request: PageRequest) -> tuple[Page, int]:
        """One page, and how many attempts before it failed.

        Raises:
            RefusedError: the server said no.
            BrokenError: it did not come whole, however often it was asked for.
        """
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientError),
            wait=self._wait,
            stop=self._enough,
            sleep=self._sleep,
            retry_error_callback=_give_up,
        )
        page: Page = attempts(self._attempt, endpoint, request)
        return page, int(attempts.statistics.get("attempt_number", 1)) - 1

    def _attempt(self, endpoint: Endpoint, request: PageRequest) -> Page:
        if time.monotonic() > self._give_up_at:
            raise BrokenError(self._out_of_time())
        with self.rate_limiter.turn() as turn:
            try:
                return self._request(endpoint, request)
            except TransientError as error:
                if error.throttled:
                    turn.throttled(error.retry_after or 0)
                raise

    def _request(self, endpoint: Endpoint, request: PageRequest) -> Page:
        url = (
            self._district.url(endpoint.name)
            + "?"
            + urlencode({"limit": request.limit, "offset": request.offset})
        )
        _, signed, _ = self._signer.sign(url)
        give_up_at = min(time.monotonic() + self._policy.page_seconds, self._give_up_at)
        try:
            with self._pool.urlopen(
                "GET",
                url,
                headers={**self._pool.headers, **signed},
                redirect=False,
                preload_content=False,
                decode_content=False,
                assert_same_host=False,
            ) as response:
                body = self._body(response, give_up_at)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise failure(self._district, error) from None
        except _BROKEN_OFF:
            raise TransientError("half an answer came: its compression is broken off") from None
        if response.status != 200:
            raise refusal(self._district, endpoint, response.status, response.headers, body)
        page = read_page(body, endpoint.name, count=request.promised is None, skip_first=request.overlap)
        told = whole_number(response.headers.get(TOTAL_HEADER))
        return page if told is None else replace(page, total=told)

    def _body(self, response: urllib3.BaseHTTPResponse, give_up_at: float) -> bytes:
        """The whole body, unpacked; never more than the policy's page_bytes of it."""
        packing = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packing not in ("identity", "", "gzip", "x-gzip"):
            raise BrokenError("the answer is packed in a way that was not asked for", response.status)
        pieces: list[bytes] = []
        size = 0
        while piece := response.read1(_PIECE):
            size += len(piece)
            if size > self._policy.page_bytes:
                raise self._too_large(response)
            if time.monotonic() > give_up_at:
                raise TransientError(
                    "the answer comes too slowly. Ask the district to look at the server's line",
                    response.status,
                )
            pieces.append(piece)
        body = b"".join(pieces)
        return self._unpacked(body, response) if "gzip" in packing else body

    def _unpacked(self, packed: bytes, response: urllib3.BaseHTTPResponse) -> bytes:
        """All members of a gzip file [RFC 1952], whose checksums and ends are looked at."""
        body = b""
        while packed:
            member = isal_zlib.decompressobj(wbits=_GZIP)
            body += member.decompress(packed, self._policy.page_bytes + 1 - len(body))
            if len(body) > self._policy.page_bytes:
                raise self._too_large(response)
            if not member.eof:
                raise _BROKEN_OFF
            packed = member.unused_data.lstrip(b"\0")
        return body

    def _too_large(self, response: urllib3.BaseHTTPResponse) -> BrokenError:
        return BrokenError(
            f"a page is larger than {self._policy.page_bytes / 2**20:.0f} MB. Lower page_size for this "
            f"district",
            response.status,
        )

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """Back-off with jitter, or what the server asked for."""
        error = _error(state)
        if error.retry_after is not None:
            return error.retry_after + uniform(0, self._policy.base_seconds)  # noqa: S311 - jitter
        longest = min(
            self._policy.longest_seconds, self._policy.base_seconds * 2 ** (state.attempt_number - 1)
        )
        return uniform(longest / 2, longest)  # noqa: S311 - jitter

    def _enough(self, state: tenacity.RetryCallState) -> bool:
        error = _error(state)
        if time.monotonic() + state.upcoming_sleep > self._give_up_at:
            return True
        return not error.throttled and state.attempt_number >= min(
            self._policy.attempts, error.patience or 99
        )

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise BrokenError("stopped")

    def _out_of_time(self) -> str:
        return (
            f"the time budget of {self._district.time_budget_seconds:.0f} seconds is used up. Raise "
            f"time_budget_seconds"
        )


def _error(state: tenacity.RetryCallState) -> TransientError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, TransientError):  # tenacity asks only about what it retries
        raise TypeError("not a transient error")
    return error


def _give_up(state: tenacity.RetryCallState) -> Page:
    error = _error(state)
    tries = f"{state.attempt_number} attempt" + ("s" if state.attempt_number > 1 else "")
    raise BrokenError(f"{error} ({tries})", error.status)


def tls_context(district: DistrictSettings) -> ssl.SSLContext:
    """Verifies against ca_bundle alone where there is one, else the system's and certifi's authorities."""
    if district.ca_bundle:
        context = ssl.create_default_context(cafile=district.ca_bundle)
    else:
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
