"""What answers other than data mean: which it is, what to do, and the guide's exact box where it has one."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import urllib3

from district.endpoints import Endpoint
from district.settings import DistrictSettings
from extract.api.page import web_page
from extract.errors import BrokenError, EndpointError, RefusedError, TransientError

# Beyond this a clock is worth naming: OAuth 1.0 signs the time, and servers refuse what is too far off.
CLOCK_TOLERANCE_SECONDS = 60
# Faults that another attempt rarely mends are not worth a whole back-off.
FEW_ATTEMPTS = 3


# A request that got no answer: the exception, what to say of it, how many attempts it is worth. First match
# wins.
_FAILURES: tuple[tuple[type[Exception], str, int | None], ...] = (
    (
        urllib3.exceptions.NameResolutionError,
        "the host of {host} was not found. Check base_url and this machine's DNS",
        FEW_ATTEMPTS,
    ),
    (
        urllib3.exceptions.NewConnectionError,
        "{host} refuses connections. Check the port in base_url, and whether the server is up",
        FEW_ATTEMPTS,
    ),
    (
        urllib3.exceptions.ConnectTimeoutError,
        "no answer from {host}. Ask the district whether its firewall lets this machine in",
        FEW_ATTEMPTS,
    ),
    (
        urllib3.exceptions.SSLError,
        "no secure connection with {host}: no TLS 1.2 or later is spoken there. Check the port in base_url",
        FEW_ATTEMPTS,
    ),
    (
        urllib3.exceptions.ReadTimeoutError,
        "{host} stopped answering in the middle. Ask the district to look at the server's load",
        None,
    ),
    (
        Exception,
        "{host} breaks connections off. Ask the district to look at the server, or a firewall before it",
        None,
    ),
)


def refusal(
    district: DistrictSettings, endpoint: Endpoint, status: int, headers: Mapping[str, str], body: bytes
) -> EndpointError:
    """The error for an answer whose status is not 200.

    Args:
        district: as configured.
        endpoint: what was asked for.
        status: of the answer.
        headers: of the answer; names in any case.
        body: of the answer; only a web page's title is ever told.
    """
    retry_after = seconds_to_wait(headers.get("Retry-After"))
    if status == 429 or (status == 503 and retry_after is not None):
        return TransientError(
            f"{status}: the server asks for patience again and again. Lower connections for this district, "
            "or run at a quieter time",
            status,
            retry_after=retry_after,
            throttled=True,
        )
    if status in (408, 425) or status >= 500:
        return TransientError(
            f"{status}: the server of the district fails. Ask the district to look at the eSchoolPLUS server",
            status,
        )
    url = district.url(endpoint.name)
    if 300 <= status < 400:
        what = _redirect(url, headers.get("Location", ""))
    elif status == 401:
        what = _unauthorized(district, headers)
    elif status == 403:
        what = f"not subscribed. In the API Profile's Subscriptions, check: {endpoint.subscription}"
    elif status == 404:
        what = _not_found(district, endpoint, url)
    elif body.lstrip()[:1] == b"<":
        what = web_page(body)
    else:
        what = f"the server refuses {url}. Open a case with PowerSchool support and give them this line"
    return RefusedError(f"{status}: {what}", status)


def failure(district: DistrictSettings, error: Exception) -> EndpointError:
    """The error for a request that got no whole answer."""
    parts = urlsplit(district.base_url)
    host = f"{parts.hostname}:{parts.port or 443}"
    cause = error.args[0] if error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        return BrokenError(_certificate(host, cause))
    message, patience = next((say, worth) for kind, say, worth in _FAILURES if isinstance(error, kind))
    return TransientError(message.format(host=host), patience=patience)


def seconds_to_wait(retry_after: str | None) -> float | None:
    """Retry-After in seconds, whether it was told as seconds or as a date; None where it says neither."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until = _date(text)
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until else None


def clock_difference(headers: Mapping[str, str]) -> float | None:
    """Seconds by which the server's clock is ahead of ours, by its Date header."""
    there = _date(headers.get("Date", ""))
    return (there - datetime.now(UTC)).total_seconds() if there else None


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _unauthorized(district: DistrictSettings, headers: Mapping[str, str]) -> str:
    off = clock_difference(headers)
    if off is not None and abs(off) > CLOCK_TOLERANCE_SECONDS:
        side = "behind" if off > 0 else "ahead of"
        return (
            f"this machine's clock is {abs(off):.0f} seconds {side} the server's. Set the clock "
            f"(NTP) here, or ask "
            "the district to set the server's"
        )
    return (
        f"key or secret refused; the clocks agree. Check consumer_key and the secret, that the API "
        f"Profile's Active "
        f"box is checked, and that its Signature Method is {district.signature_method}"
    )


def _not_found(district: DistrictSettings, endpoint: Endpoint, url: str) -> str:
    code = district.code
    if district.code_fits is False:
        return (
            f"nothing at {url}. The consumer key says the base URL ends in /plus360api/v1/{code}/: "
            f"correct base_url"
        )
    expected = f" (the code /{code}/ fits the consumer key)" if code else ""
    return (
        f"nothing at {url}{expected}. Check the base URL with PowerSchool support, and that this "
        f"release of "
        f"eSchoolPLUS has {endpoint.subscription}"
    )


def _redirect(url: str, location: str) -> str:
    here, there = urlsplit(url), urlsplit(location)
    if there.scheme == "http":
        whereto = "an unencrypted http:// address"
    elif there.hostname and there.hostname != here.hostname:
        whereto = f"another host ({there.hostname})"
    else:
        whereto = "another page"
    return (
        f"the server redirects to {whereto}; nothing was sent there. Check base_url, and ask the "
        f"district's network "
        "staff about a proxy before the server"
    )


def _certificate(host: str, error: ssl.SSLCertVerificationError) -> str:
    reasons = {
        9: "is not valid yet. Check this machine's clock",
        10: "has expired. Ask the district to renew it",
        62: "belongs to another host. Check the host in base_url",
    }
    unknown = (
        "is not signed by an authority known here. Ask the district for its CA certificate and name it "
        "as ca_bundle, "
        "or to install the whole chain"
    )
    return f"the certificate of {host} {reasons.get(error.verify_code, unknown)}"
