"""What can be seen of a district in some ten seconds: its host's answer, and two pages of each endpoint.

Nothing lands.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from threading import Event
from typing import Any, cast

from pydantic import SecretStr

from district.endpoints import ENDPOINTS, Endpoint
from district.settings import DistrictSettings
from extract.api.classify import CLOCK_TOLERANCE_SECONDS, TLS_OUTCOMES, clock_difference
from extract.api.client import Client, RetryPolicy
from extract.api.connection import Connections
from extract.api.json_text import elements
from extract.api.page import Page
from extract.api.paging import Paginator
from extract.errors import EndpointError
from extract.outcomes import OUT_OF_TIME, PROXY_OUTCOMES, TOO_SLOW
from extract.preflight.field_labels import FieldLabels, read_field_labels

_HOST_SECONDS = 3.0
_SAMPLES_SECONDS = 6.0
_MOST_ROWS = 1_000
_POLICY = RetryPolicy(
    attempts=3,
    base_seconds=0.2,
    longest_seconds=0.5,
    connect_seconds=_HOST_SECONDS,
    silence_seconds=_SAMPLES_SECONDS,
    page_seconds=_SAMPLES_SECONDS,
)


@dataclass(frozen=True)
class HostAnswer:
    """What a district's host answered to a request without signature and query.

    Attributes:
        host_error: why the host gave no answer.
        tls_error: why there is no secure connection with a host that is there.
        clock_ahead: seconds by which the server's clock is ahead of ours; None where it told no time.
        seconds: until the answer.
    """

    host_error: EndpointError | None = None
    tls_error: EndpointError | None = None
    clock_ahead: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Sample:
    """The first and the last page of an endpoint, as far as they were received.

    Attributes:
        pages: one or two; none where the first was not received. They hold personal data: never to be shown.
        error: what the server answered instead of a page.
        total: how many rows there are, as the server says.
        contradicts_total: the page that the total says is the last one has other rows than it says.
        seconds: until the first page was read.
    """

    pages: list[Page] = field(default_factory=list, repr=False)
    error: EndpointError | None = None
    total: int | None = None
    contradicts_total: bool = False
    seconds: float = 0.0

    @property
    def status(self) -> int | None:
        """200 where a page was received, else the HTTP status of the refusal; None where there is neither."""
        if self.pages:
            return 200
        return self.error.status if self.error and self.error.status != 200 else None

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The records of the pages. They are personal data: never to be shown."""
        # A server that ignores the limit may have sent all it has.
        read = (islice(elements(page.content, 0), min(page.rows, _MOST_ROWS)) for page in self.pages)
        return [cast(dict[str, Any], record) for records in read for record, _, _ in records]

    @property
    def labels(self) -> list[str]:
        """Every label received, in the order received."""
        return list(dict.fromkeys(label for record in self.records for label in record))

    @property
    def stripped(self) -> set[str]:
        """Sensitive labels that were removed from the records."""
        return {label for page in self.pages for label in page.stripped}


@dataclass(frozen=True)
class Probe:
    """What was seen of a district.

    Attributes:
        samples: by endpoint; empty where nothing could be requested safely.
    """

    district: DistrictSettings
    host: HostAnswer
    samples: dict[str, Sample]

    @property
    def statuses(self) -> set[int | None]:
        """What the endpoints answered with."""
        return {sample.status for sample in self.samples.values()}

    @property
    def accepted(self) -> bool:
        """Whether the server accepts key and secret: it says 403 only to those it knows."""
        return bool(self.statuses & {200, 403})

    @property
    def proxy_failed(self) -> bool:
        """Whether the proxy gave no way to the host."""
        return bool(self.host.host_error and self.host.host_error.outcome in PROXY_OUTCOMES)

    def why_unknown(self, endpoint: str | None = None) -> str:
        """Why nothing is known of an endpoint's records, or of any endpoint's."""
        if self.proxy_failed:
            return "the proxy gives no way to the host"
        if self.host.host_error:
            return "the host gave no answer"
        if self.host.tls_error:
            return "nothing is signed or sent over a connection that is not secure"
        statuses = {self.samples[endpoint].status} if endpoint else self.statuses
        of_one, of_all = next(row[1:] for row in _WHY_UNKNOWN if row[0] in statuses or row[0] is None)
        return of_one.format(endpoint) if endpoint else of_all

    def sees_all(self, endpoint: str) -> bool:
        """Whether the sample holds every record there is."""
        return self.samples[endpoint].total == len(self.samples[endpoint].records)

    def labels(self, endpoint: str) -> FieldLabels:
        """The labels that are mapped for an endpoint."""
        return read_field_labels(self.district, endpoint)

    def unmapped(self, endpoint: str) -> list[str]:
        """Labels received that fill no field. Those of UDRegUser are the district's own."""
        labels = self.labels(endpoint)
        return [label for label in self.samples[endpoint].labels if not labels.field(label)]

    def values(self, endpoint: str, field: str) -> list[str]:
        """A field's values in the sample, as text; [] where its label is missing. Never to be shown."""
        labels = self.labels(endpoint)
        named = [label for label in self.samples[endpoint].labels if labels.field(label) == field]
        found = [record.get(label) for record in self.samples[endpoint].records for label in named]
        return ["" if value is None else str(value).strip() for value in found]


# By the status of a refusal: what to say of one endpoint, and of all.
_WHY_UNKNOWN: tuple[tuple[int | None, str, str], ...] = (
    (401, "key and secret were not accepted", "key and secret were not accepted"),
    (404, "nothing was found at the address of {}", "nothing was found at the address"),
    (403, "{} is not subscribed", "no endpoint is subscribed"),
    (None, "{} gave no records", "no endpoint gave records"),
)


def probe_district(district: DistrictSettings, secret: SecretStr) -> Probe:
    """Asks the host, and where that is safe takes the samples. What goes wrong is part of what is seen."""
    host = _ask_host(district)
    if host.host_error or host.tls_error:
        return Probe(district, host, {})
    return Probe(district, host, _take_samples(district, secret, host.clock_ahead))


def _ask_host(district: DistrictSettings) -> HostAnswer:
    """Requests the base URL, unsigned: is the host there, who is it, what time has it."""
    started = time.monotonic()
    connections = Connections(district, most=1, connect_seconds=_HOST_SECONDS, silence_seconds=_HOST_SECONDS)
    try:
        with connections.get(district.base_url, {}, give_up_at=started + 2 * _HOST_SECONDS) as answer:
            ahead = clock_difference(answer.headers)
    except EndpointError as error:
        is_there = error.outcome in TLS_OUTCOMES
        return HostAnswer(tls_error=error) if is_there else HostAnswer(host_error=error)
    finally:
        connections.close()
    return HostAnswer(clock_ahead=ahead, seconds=time.monotonic() - started)


def _take_samples(
    district: DistrictSettings, secret: SecretStr, clock_ahead: float | None
) -> dict[str, Sample]:
    """Requests each endpoint's first and last page, over as many connections as the district allows."""
    give_up_at = time.monotonic() + _SAMPLES_SECONDS
    # A wrong clock has an item of its own: signed with the server's time, it hides no other fault.
    is_off = clock_ahead is not None and abs(clock_ahead) > CLOCK_TOLERANCE_SECONDS
    server_ahead = clock_ahead if is_off else None
    with ThreadPoolExecutor(min(len(ENDPOINTS), district.connections)) as workers:
        samples = workers.map(
            lambda endpoint: _sample(district, secret, endpoint, server_ahead, give_up_at), ENDPOINTS
        )
        return {endpoint.name: sample for endpoint, sample in zip(ENDPOINTS, samples, strict=True)}


def _sample(
    district: DistrictSettings,
    secret: SecretStr,
    endpoint: Endpoint,
    server_ahead: float | None,
    give_up_at: float,
) -> Sample:
    """A client for each endpoint: one that is throttled makes no other wait."""
    started = time.monotonic()
    brief = district.model_copy(update={"connections": 1, "time_budget_seconds": give_up_at - started})
    if brief.time_budget_seconds < 1:
        return Sample(error=EndpointError(TOO_SLOW))
    client = Client(brief, secret, _POLICY, Event(), server_ahead=server_ahead)
    paginator = Paginator(min(district.page_size, _MOST_ROWS))
    pages: list[Page] = []
    seconds = 0.0
    error = None
    contradicts_total = False
    try:
        request = paginator.next_request()
        page, _ = client.page(endpoint, request)
        pages.append(page)
        seconds = time.monotonic() - started
        paginator.receive(request, page)
        last = paginator.last_request()
        # The newest students are on the last page. It is skipped where there is hardly time for it.
        if last and time.monotonic() + 2 * seconds < give_up_at:
            page, _ = client.page(endpoint, last)
            paginator.receive(last, page)
            pages.append(page)
            if len(set(paginator.totals)) == 1:
                promised = min(paginator.totals[0] - last.offset, last.limit)
                contradicts_total = page.rows != promised
    except EndpointError as stopped:
        # The few seconds of a check are no setting of the district.
        error = EndpointError(TOO_SLOW) if stopped.outcome is OUT_OF_TIME else stopped
    finally:
        client.close()
    return Sample(pages, error, paginator.total, contradicts_total, seconds)
