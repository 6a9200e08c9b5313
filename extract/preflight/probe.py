"""A first look at a district: one knock at its host, then two pages of each endpoint. Nothing lands.

All of it ends within some ten seconds, whether the host answers or not.
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import urllib3
from pydantic import SecretStr

from district.endpoints import ENDPOINTS, Endpoint
from district.settings import DistrictSettings
from extract.api.classify import CLOCK_TOLERANCE_SECONDS, clock_difference, failure
from extract.api.client import Client, RetryPolicy, tls_context
from extract.api.page import Page
from extract.api.paging import Paginator
from extract.errors import BrokenError, EndpointError
from extract.preflight.field_labels import FieldLabels, read_field_labels

_KNOCK_SECONDS = 3.0
_SAMPLES_SECONDS = 6.0
_MOST_ROWS = 1_000
_POLICY = RetryPolicy(
    attempts=3,
    base_seconds=0.2,
    longest_seconds=0.5,
    connect_seconds=_KNOCK_SECONDS,
    silence_seconds=_SAMPLES_SECONDS,
    page_seconds=_SAMPLES_SECONDS,
)


@dataclass(frozen=True)
class Knock:
    """What a request without signature and query told of a district's host.

    Attributes:
        host_error: why the host gave no answer.
        tls_error: why no secure connection came about with a host that is there.
        clock_ahead: seconds by which the server's clock is ahead of ours; None where it told no time.
        seconds: until the answer.
    """

    host_error: EndpointError | None = None
    tls_error: EndpointError | None = None
    clock_ahead: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Sample:
    """The first and the last page of an endpoint, as far as they came.

    Attributes:
        pages: one or two; none where the first did not come. They hold personal data: never to be shown.
        error: what the server said in place of a page, or did wrong with it.
        total: rows there are in all, as the server says.
        seconds: until the first page was read.
    """

    pages: list[Page] = field(default_factory=list, repr=False)
    error: EndpointError | None = None
    total: int | None = None
    seconds: float = 0.0

    @property
    def status(self) -> int | None:
        """200 where a page came, else the HTTP status of the server's no; None where it said neither."""
        if self.pages:
            return 200
        return self.error.status if self.error and self.error.status != 200 else None

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The records of the pages. They are personal data: never to be shown."""
        # Numbers stay text: a number of a million digits costs nothing.
        read = partial(json.loads, parse_int=str, parse_float=str, strict=False)
        return [record for page in self.pages for record in read(page.content)]

    @property
    def labels(self) -> list[str]:
        """Every label that came, in the order of coming."""
        return list(dict.fromkeys(label for record in self.records for label in record))

    @property
    def stripped(self) -> set[str]:
        """Labels that nobody should hold, and that were left out of the records."""
        return {label for page in self.pages for label in page.stripped}


@dataclass(frozen=True)
class Look:
    """What was seen of a district.

    Attributes:
        samples: by endpoint; empty where nothing could be asked for safely.
    """

    district: DistrictSettings
    knock: Knock
    samples: dict[str, Sample]

    @property
    def statuses(self) -> set[int | None]:
        """What the endpoints answered with."""
        return {sample.status for sample in self.samples.values()}

    @property
    def accepted(self) -> bool:
        """Whether the server let key and secret pass: it says 403 only to those it knows."""
        return bool(self.statuses & {200, 403})

    def why_not(self, endpoint: str | None = None) -> str:
        """Why nothing is known of an endpoint's records, or of any endpoint's."""
        if self.knock.host_error:
            return "the host gave no answer"
        if self.knock.tls_error:
            return "nothing is signed or sent over a connection that is not secure"
        statuses = {self.samples[endpoint].status} if endpoint else self.statuses
        of_one, of_all = next(row[1:] for row in _WHY_NOT if row[0] in statuses or row[0] is None)
        return of_one.format(endpoint) if endpoint else of_all

    def sees_all(self, endpoint: str) -> bool:
        """Whether the sample holds every record there is."""
        return self.samples[endpoint].total == len(self.samples[endpoint].records)

    def labels(self, endpoint: str) -> FieldLabels:
        """The labels that are mapped for an endpoint."""
        return read_field_labels(self.district, endpoint)

    def unmapped(self, endpoint: str) -> list[str]:
        """Labels that came and fill no field. Those of UDRegUser are the district's own."""
        labels = self.labels(endpoint)
        return [label for label in self.samples[endpoint].labels if not labels.field(label)]

    def values(self, endpoint: str, field: str) -> list[str]:
        """What a field holds in the sample, as text; [] where its label did not come. Never to be shown."""
        labels = self.labels(endpoint)
        named = [label for label in self.samples[endpoint].labels if labels.field(label) == field]
        found = [record.get(label) for record in self.samples[endpoint].records for label in named]
        return ["" if value is None else str(value).strip() for value in found]


# By the server's no: what to say of one endpoint, and of all.
_WHY_NOT: tuple[tuple[int | None, str, str], ...] = (
    (401, "key and secret were not accepted", "key and secret were not accepted"),
    (404, "nothing was found at the address of {}", "nothing was found at the address"),
    (403, "{} is not subscribed", "no endpoint is subscribed"),
    (None, "{} gave no records", "no endpoint gave records"),
)


class _ClientOnServerTime(Client):
    """Signs with the server's time, so that a wrong clock hides no other fault."""

    def __init__(self, district: DistrictSettings, secret: SecretStr, clock_ahead: float) -> None:
        super().__init__(district, secret, _POLICY, Event())
        if abs(clock_ahead) > CLOCK_TOLERANCE_SECONDS:
            self._signer.timestamp = str(int(time.time() + clock_ahead))


def take_look(district: DistrictSettings, secret: SecretStr) -> Look:
    """Knocks, and where that is safe takes the samples. Trouble of whatever kind is part of what is seen."""
    knocked = _knock(district)
    if knocked.host_error or knocked.tls_error:
        return Look(district, knocked, {})
    return Look(district, knocked, _take_samples(district, secret, knocked.clock_ahead or 0.0))


def _knock(district: DistrictSettings) -> Knock:
    """Asks for the base URL, unsigned: is the host there, is it who it says, what time has it."""
    parts = urlsplit(district.base_url)
    started = time.monotonic()
    with urllib3.HTTPSConnectionPool(
        parts.hostname or "",
        parts.port or 443,
        retries=False,
        timeout=_KNOCK_SECONDS,
        ssl_context=tls_context(district),
    ) as pool:
        try:
            answer = pool.urlopen("GET", parts.path, redirect=False, preload_content=False)
            answer.close()
        except urllib3.exceptions.SSLError as error:
            return Knock(tls_error=failure(district, error))
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return Knock(host_error=failure(district, error))
    return Knock(clock_ahead=clock_difference(answer.headers), seconds=time.monotonic() - started)


def _take_samples(district: DistrictSettings, secret: SecretStr, clock_ahead: float) -> dict[str, Sample]:
    """Asks each endpoint for its first and its last page, over as many connections as the district allows."""
    give_up_at = time.monotonic() + _SAMPLES_SECONDS
    with ThreadPoolExecutor(min(len(ENDPOINTS), district.connections)) as workers:
        samples = workers.map(
            lambda endpoint: _sample(district, secret, endpoint, clock_ahead, give_up_at), ENDPOINTS
        )
        return {endpoint.name: sample for endpoint, sample in zip(ENDPOINTS, samples, strict=True)}


def _sample(
    district: DistrictSettings, secret: SecretStr, endpoint: Endpoint, clock_ahead: float, give_up_at: float
) -> Sample:
    """A client for each endpoint: one that is throttled makes no other wait."""
    started = time.monotonic()
    brief = district.model_copy(update={"connections": 1, "time_budget_seconds": give_up_at - started})
    if brief.time_budget_seconds < 1:
        return Sample(error=BrokenError("not asked for: the others took too long. Raise connections"))
    client = _ClientOnServerTime(brief, secret, clock_ahead)
    paginator = Paginator(min(district.page_size, _MOST_ROWS))
    pages: list[Page] = []
    seconds = 0.0
    error = None
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
    except EndpointError as stopped:
        error = stopped
    finally:
        client.close()
    return Sample(pages, error, paginator.total, seconds)
