"""Evaluates the items of the setup checklist that are about the connection, from what the probe saw.

Nothing here says a value of a record, a secret, text that a server sent, or more of the consumer key than the
district's code; nor, but in the details, how many records there are of few people.
"""

from typing import Literal, NamedTuple

from district.endpoints import BY_NAME, ENDPOINTS
from district.network.proxy import Proxy
from extract import outcomes
from extract.api.classify import CLOCK_TOLERANCE_SECONDS, clock_facts
from extract.errors import EndpointError
from extract.outcomes import Outcome, message
from extract.preflight import setup_outcomes
from extract.preflight.few_people import counts
from extract.preflight.probe import Probe, Sample

State = Literal["ok", "failed", "unknown"]

_HAVE_AN_ITEM = (401, 403, 404)


class Evaluation(NamedTuple):
    """The state of one item.

    Attributes:
        seen: one line.
        found: what happened, and at which endpoints; empty where nothing needs to be done.
        details: for the operator's terminal only: labels, codes and names of schools that the district chose,
            for it may put a name into one; numbers of few people; and the proxy of the operator's network.
    """

    state: State
    seen: str
    found: tuple[tuple[Outcome, tuple[str, ...]], ...] = ()
    details: tuple[str, ...] = ()


def address(probe: Probe) -> Evaluation:
    """The settings refuse any address but HTTPS."""
    return Evaluation("ok", "an https address")


def code(probe: Probe) -> Evaluation:
    """Whether the address has the consumer key's code in it, and something is there."""
    expected = probe.district.code
    if expected is None:
        return Evaluation("unknown", "the consumer key has no code in it: it is not like OneRoster_ABC_123")
    if not probe.district.code_fits:
        seen = "the address does not have the consumer key's code in it"
        return failed(seen, outcomes.WRONG_CODE)._replace(details=(f"/{expected}/",))
    if probe.statuses == {404}:
        return failed("the code fits, but nothing is there: 404 at all endpoints", outcomes.NOT_FOUND)
    return Evaluation("ok", "the consumer key's code is in the address", details=(f"/{expected}/",))


def host(probe: Probe) -> Evaluation:
    """Whether anything answers at all, and which way it was asked."""
    proxy = probe.district.through
    details = (f"the proxy: {proxy.host}:{proxy.port}",) if proxy and proxy.host else ()
    if probe.host.host_error:
        return _error(probe.host.host_error)._replace(details=details)
    seen = "is there" if probe.host.tls_error else f"answers in {probe.host.seconds:.2f} s"
    return Evaluation("ok", f"{seen}, {_way(proxy)}", details=details)


def _way(proxy: Proxy | None) -> str:
    if proxy is None:
        return "without a proxy"
    kind = "setting" if proxy.is_setting else "variable"
    return f"through the proxy that the {kind} {proxy.named_by} names"


def certificate(probe: Probe) -> Evaluation:
    """Whether the connection is secure, and with the right server."""
    if probe.host.tls_error:
        return _error(probe.host.tls_error)
    if probe.host.host_error:
        return unknown(probe)
    by = "the authority in ca_bundle" if probe.district.ca_bundle else "a known authority"
    return Evaluation("ok", f"valid, for this host, signed by {by}")


def clock(probe: Probe) -> Evaluation:
    """Whether the Date header and our clock agree."""
    ahead = probe.host.clock_ahead
    if not probe.samples:
        return unknown(probe)
    if ahead is None:
        return Evaluation("unknown", "the server's answer has no time")
    if abs(ahead) <= CLOCK_TOLERANCE_SECONDS:
        return Evaluation("ok", f"agrees with the server's within {max(1, round(abs(ahead)))} s")
    return failed(message(outcomes.CLOCK_OFF, clock_facts(ahead)), outcomes.CLOCK_OFF)


def answers(probe: Probe) -> Evaluation:
    """Fails on answers that are neither records nor a plain refusal: web pages, redirects, server errors."""
    if not probe.samples:
        return unknown(probe)
    seen: dict[str, list[str]] = {}
    found: dict[Outcome, list[str]] = {}
    for endpoint, sample in probe.samples.items():
        if sample.error and sample.error.status not in _HAVE_AN_ITEM:
            seen.setdefault(str(sample.error), []).append(endpoint)
            found.setdefault(sample.error.outcome, []).append(endpoint)
    if found:
        return Evaluation(
            "failed",
            "; ".join(f"{names(endpoints)}: {line}" for line, endpoints in seen.items()),
            tuple((outcome, tuple(endpoints)) for outcome, endpoints in found.items()),
        )
    if 200 not in probe.statuses:
        return Evaluation("unknown", "no endpoint got this far; see below")
    return Evaluation("ok", f"complete pages of records: {names(list(sampled(probe)))}")


def credentials(probe: Probe) -> Evaluation:
    """Whether the server accepts key and secret; a wrong clock is allowed for."""
    if probe.accepted:
        return Evaluation("ok", f"accepted, signed with {probe.district.signature_method}")
    refused = _unauthorized(probe)
    if refused is None:
        return unknown(probe)
    if refused.outcome is outcomes.PROFILE_INACTIVE:
        return Evaluation("unknown", "the API Profile is not active")
    is_off = clock(probe).state == "failed"
    with_time = ", signed with the time of the server" if is_off else ""
    return failed(f"{refused}{with_time}", refused.outcome)


def active(probe: Probe) -> Evaluation:
    """Fails only where the server says so: most answer an inactive profile like a wrong secret."""
    if probe.accepted:
        return Evaluation("ok", "the profile answers")
    refused = _unauthorized(probe)
    if refused is None:
        return unknown(probe)
    if refused.outcome is outcomes.PROFILE_INACTIVE:
        return _error(refused)
    seen = "an inactive profile, a wrong key and a wrong secret all get the same 401"
    return Evaluation("unknown", seen, ((setup_outcomes.PROFILE_MAY_BE_INACTIVE, ()),))


def subscription(endpoint: str, probe: Probe) -> Evaluation:
    """Whether an endpoint is subscribed, and how its first page was received."""
    if not probe.samples:
        return unknown(probe)
    sample = probe.samples[endpoint]
    if sample.pages:
        is_told = sample.total is not None and counts(probe, endpoint)
        total = f"{sample.total:,} records, " if is_told else ""
        return Evaluation("ok", f"{total}{sample.seconds:.2f} s per page")
    if sample.status == 403:
        return failed(outcomes.NOT_SUBSCRIBED.meaning, outcomes.NOT_SUBSCRIBED, endpoint)
    if sample.status == 404 and probe.statuses != {404}:
        return failed("404: this release does not have it", outcomes.NOT_FOUND, endpoint)
    return unknown(probe, endpoint)


def failed(seen: str, outcome: Outcome, *endpoints: str) -> Evaluation:
    """An item that failed, at these endpoints; at all of them where none is named."""
    return Evaluation("failed", seen, ((outcome, endpoints or tuple(BY_NAME)),))


def _error(error: EndpointError) -> Evaluation:
    return failed(str(error), error.outcome)


def unknown(probe: Probe, endpoint: str | None = None) -> Evaluation:
    """Can't be checked, because something before it failed."""
    return Evaluation("unknown", probe.why_unknown(endpoint))


def _unauthorized(probe: Probe) -> EndpointError | None:
    errors = [sample.error for sample in probe.samples.values() if sample.error]
    return next((error for error in errors if error.status == 401), None)


def sampled(probe: Probe) -> dict[str, Sample]:
    """The endpoints that gave a page."""
    return {name: sample for name, sample in probe.samples.items() if sample.pages}


def names(endpoints: list[str]) -> str:
    """Endpoints by name, or that it is all of them."""
    return "all seven endpoints" if len(endpoints) == len(ENDPOINTS) else ", ".join(endpoints)
