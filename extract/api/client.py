"""The signed client: one page, in as many attempts as it takes; signed by OAuth 1.0, two-legged [guide].

Nothing below it sends a request again: the server records every nonce, so each attempt is signed again.
"""

import threading
import time
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import tenacity
from pydantic import SecretStr
from requests_oauthlib import OAuth1
from urllib3.util import parse_url

from district.endpoints import ENDPOINTS, Endpoint
from district.settings import DistrictSettings
from extract.api.classify import refusal
from extract.api.connection import Connections
from extract.api.envelope import whole_number
from extract.api.ordinary_pages import OrdinaryPages
from extract.api.page import Page, read_page
from extract.api.paging import PageRequest
from extract.api.rate_limit import RateLimiter
from extract.api.response import read_body
from extract.errors import EndpointError
from extract.outcomes import INTERRUPTED, OUT_OF_TIME, THROTTLED

TOTAL_HEADER = "X-Total-Count"  # [assumed]
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "plus360"}
# What a second attempt rarely fixes is not worth the full backoff.
FEW_ATTEMPTS = 3


@dataclass(frozen=True)
class RetryPolicy:
    """How patient the client is.

    Attributes:
        attempts: for one page; answers that limit the rate do not count.
        base_seconds: the first backoff; doubles each time, with jitter.
        longest_seconds: no backoff is longer.
        connect_seconds: for a connection to be made.
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
        self,
        district: DistrictSettings,
        secret: SecretStr,
        policy: RetryPolicy,
        stop: threading.Event,
        *,
        server_ahead: float | None = None,
    ) -> None:
        """Prepares; nothing is sent yet.

        Args:
            district: where to and how.
            secret: the consumer secret.
            policy: how patient.
            stop: set by the caller to end all waiting.
            server_ahead: sign with the server's time, which is so many seconds ahead of ours.
        """
        self._district = district
        self._policy = policy
        self._stop = stop
        self._give_up_at = time.monotonic() + district.time_budget_seconds
        self.rate_limiter = RateLimiter(district.connections, stop, self._give_up_at)
        self._ordinary = {endpoint.name: OrdinaryPages() for endpoint in ENDPOINTS}
        self._signer = Signer(district, secret, server_ahead)
        self._backoff = tenacity.wait_exponential_jitter(
            multiplier=policy.base_seconds, max=policy.longest_seconds, jitter=policy.base_seconds
        )
        self._connections = Connections(
            district,
            most=district.connections,
            connect_seconds=policy.connect_seconds,
            silence_seconds=policy.silence_seconds,
        )

    def close(self) -> None:
        """Closes all connections."""
        self._connections.close()

    def labels(self, endpoint: Endpoint) -> list[str]:
        """The labels that the endpoint's records had so far."""
        return self._ordinary[endpoint.name].labels

    def page(self, endpoint: Endpoint, request: PageRequest) -> tuple[Page, int]:
        """One page, and how many attempts before it failed.

        Raises:
            EndpointError: the server refused, or no attempt got a complete page.
        """
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_worth_retrying),
            wait=self._wait,
            stop=self._enough,
            sleep=tenacity.nap.sleep_using_event(self._stop),
            retry_error_callback=_give_up,
        )
        page: Page = attempts(self._attempt, endpoint, request)
        return page, int(attempts.statistics.get("attempt_number", 1)) - 1

    def _attempt(self, endpoint: Endpoint, request: PageRequest) -> Page:
        if self._stop.is_set():
            raise EndpointError(INTERRUPTED)
        if time.monotonic() > self._give_up_at:
            raise EndpointError(OUT_OF_TIME, budget_seconds=round(self._district.time_budget_seconds))
        with self.rate_limiter.slot() as slot:
            try:
                return self._send(endpoint, request)
            except EndpointError as error:
                if error.outcome is THROTTLED:
                    slot.throttled(error.retry_after or 0)
                raise

    def _send(self, endpoint: Endpoint, request: PageRequest) -> Page:
        query = urlencode({"limit": request.limit, "offset": request.offset})
        # As it will be sent: the signature covers every letter of it.
        url = parse_url(f"{self._district.url(endpoint.name)}?{query}").url
        give_up_at = min(time.monotonic() + self._policy.page_seconds, self._give_up_at)
        headers = {**_HEADERS, **self._signer.headers(url)}
        with self._connections.get(url, headers, give_up_at=give_up_at) as response:
            body = read_body(response, most_bytes=self._policy.page_bytes)
        if response.status != 200:
            raise refusal(self._district, response.status, response.headers, body)
        page = read_page(body, endpoint.name, self._ordinary[endpoint.name], skip_first=request.overlap)
        total = whole_number(response.headers.get(TOTAL_HEADER))
        return page if total is None else replace(page, total=total)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """What the server asked for, or a backoff with jitter."""
        return (_error(state).retry_after or 0.0) + self._backoff(state)

    def _enough(self, state: tenacity.RetryCallState) -> bool:
        error = _error(state)
        if time.monotonic() + state.upcoming_sleep > self._give_up_at:
            return True
        most = min(self._policy.attempts, FEW_ATTEMPTS if error.outcome.retries == "few" else 99)
        return error.outcome is not THROTTLED and state.attempt_number >= most


class Signer:
    """Signs a district's requests."""

    def __init__(
        self, district: DistrictSettings, secret: SecretStr, server_ahead: float | None = None
    ) -> None:
        """Takes key, secret and signature method.

        Args:
            district: as configured.
            secret: the consumer secret.
            server_ahead: sign with the server's time, which is so many seconds ahead of ours.
        """
        self._oauth = OAuth1(
            district.consumer_key,
            client_secret=secret.get_secret_value(),
            signature_method=district.signature_method,
        ).client
        if server_ahead is not None:
            self._oauth.timestamp = str(int(time.time() + server_ahead))

    def headers(self, url: str) -> dict[str, str]:
        """The headers that sign a GET of `url`, with a nonce of their own."""
        _, signed, _ = self._oauth.sign(url)
        return dict(signed)


def _is_worth_retrying(error: BaseException) -> bool:
    return isinstance(error, EndpointError) and error.outcome.retries != "none"


def _error(state: tenacity.RetryCallState) -> EndpointError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, EndpointError):  # tenacity asks only about what it retries
        raise TypeError("not an error of an endpoint")
    return error


def _give_up(state: tenacity.RetryCallState) -> Page:
    raise _error(state).after(state.attempt_number)
