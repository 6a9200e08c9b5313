"""What can go wrong between a district and its raw.duckdb, told once.

ExtractError                 everything below; its text is one line for people
├── DistrictError            the whole district cannot be pulled now
│   ├── DistrictBusyError    another extract of this district is running
│   ├── StoreBusyError       raw.duckdb is open in another program
│   ├── StoreUnreadableError raw.duckdb is damaged, or of a newer DuckDB
│   └── DiskFullError        no room left
└── EndpointError            one endpoint gave no complete pull; its `.state` is what plus360.pulls says
    ├── RefusedError         the server said no: 401, 403, 404, a redirect, a web page in place of data
    ├── BrokenError          network, 5xx, half bodies, repeated pages, the time budget
    │   └── TransientError   the same, but worth another attempt (after `.retry_after` seconds)
    └── MovedError           the pages do not add up: read the endpoint once more from its start

No message holds a secret, a query string, a header or a byte of a body, except the title of a web page.
"""

from typing import Literal

from district.errors import Plus360Error


class ExtractError(Plus360Error):
    """Base of all; `str()` is one line for people."""


class DistrictError(ExtractError):
    """The whole district cannot be pulled now; nothing of an earlier night was touched."""


class DistrictBusyError(DistrictError):
    """Another extract of this district is running."""


class StoreBusyError(DistrictError):
    """raw.duckdb is open in another program."""


class StoreUnreadableError(DistrictError):
    """raw.duckdb is not a database that this version can open."""


class DiskFullError(DistrictError):
    """There is no room left for the pull."""


class EndpointError(ExtractError):
    """One endpoint gave no complete pull.

    Attributes:
        status: the HTTP status of the answer that decided it; None where there was no answer.
    """

    state: Literal["refused", "broken"] = "broken"

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class RefusedError(EndpointError):
    """The server said no, and will say so again."""

    state: Literal["refused", "broken"] = "refused"


class BrokenError(EndpointError):
    """The answer did not come whole."""


class TransientError(BrokenError):
    """The answer did not come whole this time.

    Attributes:
        retry_after: seconds the server asked to wait, where it did.
        throttled: the server asked for patience (429, or 503 with Retry-After).
        patience: how many attempts such a fault is worth; None for the policy's own number.
    """

    def __init__(
        self,
        message: str,
        status: int | None = None,
        *,
        retry_after: float | None = None,
        throttled: bool = False,
        patience: int | None = None,
    ) -> None:
        super().__init__(message, status)
        self.retry_after = retry_after
        self.throttled = throttled
        self.patience = patience


class MovedError(EndpointError):
    """The pages of one pass do not add up."""
