"""What can go wrong between a district and its raw.duckdb.

ExtractError                 everything below; its text is one line for people
├── DistrictError            the whole district cannot be pulled now
│   ├── DistrictBusyError    another extract of this district is running
│   ├── StoreBusyError       raw.duckdb is open in another program
│   ├── StoreUnreadableError raw.duckdb can't be used, or is of a newer version
│   │   └── StoreDamagedError  raw.duckdb is damaged
│   ├── DiskFullError        no space left
│   └── OutsideHoursError    the district's settings allow no pull at this time of the day
├── EndpointError            one endpoint gave no complete pull; its `.outcome` says why
├── ValueTooLargeError       a value in an answer is larger than any record
└── PageMismatchError        the pages don't match: read the endpoint once more from its start
"""

from district.errors import Plus360Error
from extract.outcomes import Outcome, message


class ExtractError(Plus360Error):
    """Base of all; `str()` is one line for people."""


class DistrictError(ExtractError):
    """The whole district cannot be pulled now; nothing of an earlier nightly run was touched."""


class DistrictBusyError(DistrictError):
    """Another extract of this district is running."""


class StoreBusyError(DistrictError):
    """raw.duckdb is open in another program."""


class StoreUnreadableError(DistrictError):
    """raw.duckdb is not a database that this version can open."""

    needs_a_person = True


class StoreDamagedError(StoreUnreadableError):
    """raw.duckdb can't be read to its end, and no one has it open."""


class DiskFullError(DistrictError):
    """There is no space left for the pull."""


class OutsideHoursError(DistrictError):
    """The district's settings allow no pull at this time of the day."""


class EndpointError(ExtractError):
    """One endpoint gave no complete pull.

    Attributes:
        outcome: what happened.
        facts: numbers to tell with it, by their names in `outcomes.FACTS`; never text that a server sent.
        status: the HTTP status of the answer that decided it; None where there was no answer.
        retry_after: seconds that the server asked to wait, where it did.
    """

    def __init__(
        self,
        outcome: Outcome,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        **facts: int,
    ) -> None:
        super().__init__(message(outcome, facts))
        self.outcome = outcome
        self.facts = facts
        self.status = status
        self.retry_after = retry_after

    def after(self, attempts: int) -> "EndpointError":
        """The same error, with the number of attempts that it took."""
        return EndpointError(self.outcome, status=self.status, **self.facts | {"attempts": attempts})


class PageMismatchError(ExtractError):
    """The pages of one pass don't match."""


class ValueTooLargeError(ExtractError):
    """A value in an answer is larger than any record."""
