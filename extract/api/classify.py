"""Which outcome an answer other than data is, and which a request without a complete answer."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import urllib3

from district.settings import DistrictSettings
from extract import outcomes
from extract.errors import EndpointError
from extract.outcomes import Outcome

# OAuth 1.0 signs the time, and servers refuse what differs too much.
CLOCK_TOLERANCE_SECONDS = 60

# A request that got no complete answer; the first match wins.
_FAILURES: tuple[tuple[type[Exception], Outcome], ...] = (
    (urllib3.exceptions.NameResolutionError, outcomes.HOST_NOT_FOUND),
    (urllib3.exceptions.NewConnectionError, outcomes.CONNECTION_REFUSED),
    (urllib3.exceptions.ConnectTimeoutError, outcomes.NO_ANSWER),
    (urllib3.exceptions.SSLError, outcomes.NO_TLS),
    (urllib3.exceptions.ReadTimeoutError, outcomes.SILENT),
    (Exception, outcomes.CONNECTION_BROKEN),
)
# OpenSSL's X509_V_ERR_* numbers; any other means that no known authority signed the certificate.
_CERTIFICATES = {
    9: outcomes.CERTIFICATE_NOT_YET_VALID,
    10: outcomes.CERTIFICATE_EXPIRED,
    62: outcomes.CERTIFICATE_OF_ANOTHER_HOST,
}
# There is no secure connection, with a host that is there.
TLS_OUTCOMES = {outcomes.NO_TLS, outcomes.CERTIFICATE_NOT_TRUSTED, *_CERTIFICATES.values()}
# What the body of a 401 may say, in lowercase; the first match wins. A refused signature may come with the
# text that was signed, in which nonce and timestamp are words too.
_UNAUTHORIZED = (
    (b"not active", outcomes.PROFILE_INACTIVE),
    (b"inactive", outcomes.PROFILE_INACTIVE),
    (b"signature", outcomes.SIGNATURE_REFUSED),
    (b"nonce", outcomes.NONCE_REFUSED),
    (b"timestamp", outcomes.TIMESTAMP_REFUSED),
)
_REFUSALS = {403: outcomes.NOT_SUBSCRIBED, 404: outcomes.NOT_FOUND}
# What an error says is at its start; what follows may repeat the whole request.
_BODY_BYTES = 1_000


def refusal(
    district: DistrictSettings, status: int, headers: Mapping[str, str], body: bytes
) -> EndpointError:
    """The error for an answer whose status is not 200.

    Args:
        district: as configured.
        status: of the answer.
        headers: of the answer; names in any case.
        body: of the answer; it decides between outcomes, and nothing of it is kept.
    """
    retry_after = seconds_to_wait(headers.get("Retry-After"))
    if status == 429 or (status == 503 and retry_after is not None):
        return EndpointError(outcomes.THROTTLED, status=status, retry_after=retry_after)
    if status == 401:
        return _unauthorized(headers, body)
    facts: dict[str, int] = {}
    if status in (408, 425) or status >= 500:
        outcome, facts = outcomes.SERVER_ERROR, {"of_status": status}
    elif 300 <= status < 400:
        outcome = _redirect(urlsplit(district.base_url).hostname, headers.get("Location", ""))
    elif status == 404 and district.code_fits is False:
        outcome = outcomes.WRONG_CODE
    elif status in _REFUSALS:
        outcome = _REFUSALS[status]
    elif body.lstrip()[:1] == b"<":
        outcome = outcomes.WEB_PAGE
    else:
        outcome, facts = outcomes.REFUSED_OTHERWISE, {"of_status": status}
    return EndpointError(outcome, status=status, **facts)


def failure(error: Exception) -> EndpointError:
    """The error for a request that got no complete answer."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        return EndpointError(_CERTIFICATES.get(cause.verify_code, outcomes.CERTIFICATE_NOT_TRUSTED))
    return EndpointError(next(outcome for kind, outcome in _FAILURES if isinstance(error, kind)))


def seconds_to_wait(retry_after: str | None) -> float | None:
    """Retry-After in seconds, given as seconds or as a date; None where it is neither."""
    if retry_after is None:
        return None
    try:
        return float(urllib3.util.Retry().parse_retry_after(retry_after))
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return None


def clock_difference(headers: Mapping[str, str]) -> float | None:
    """Seconds by which the server's clock is ahead of ours, by its Date header."""
    try:
        there = parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return ((there if there.tzinfo else there.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()


def clock_facts(server_ahead: float) -> dict[str, int]:
    """The difference of the clocks, as a fact."""
    return {"seconds_behind" if server_ahead > 0 else "seconds_ahead": round(abs(server_ahead))}


def _unauthorized(headers: Mapping[str, str], body: bytes) -> EndpointError:
    ahead = clock_difference(headers)
    if ahead is not None and abs(ahead) > CLOCK_TOLERANCE_SECONDS:
        return EndpointError(outcomes.CLOCK_OFF, status=401, **clock_facts(ahead))
    said = body[:_BODY_BYTES].lower()
    found = next((outcome for word, outcome in _UNAUTHORIZED if word in said), outcomes.CREDENTIALS_REFUSED)
    return EndpointError(found, status=401)


def _redirect(host: str | None, location: str) -> Outcome:
    try:
        there = urlsplit(location)
    except ValueError:  # not an address at all
        return outcomes.REDIRECTED
    if there.scheme == "http":
        return outcomes.REDIRECTED_TO_HTTP
    return outcomes.REDIRECTED_TO_ANOTHER_HOST if there.hostname not in (None, host) else outcomes.REDIRECTED
