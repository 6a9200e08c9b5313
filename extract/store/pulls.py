"""plus360.pulls: how each endpoint's pull ended."""

from dataclasses import astuple, dataclass, fields
from datetime import datetime

import duckdb

from district.endpoints import BY_NAME
from extract.outcomes import BY_CODE, PullState


@dataclass(frozen=True)
class Pull:
    """How one endpoint's pull ended; one row of plus360.pulls, its columns in this order.

    Attributes:
        state: "complete"; "unreconciled" (every page was received, but the rows differ from the server's
            total after a second pass); "refused" (the server refused); "broken" (it was not received
            completely). The last two keep no rows.
        rows: rows landed.
        reported_total: how many rows there are, as the server said last; None where it never said.
        http_status: of the answer that decided the state.
        seconds: from the first request to the commit.
        message: one line for people; never data.
        stripped_labels: labels that were removed before landing, as the server spelled them.
        retries: requests that were sent again.
        passes: 1; more where the pages of a pass did not match, or had a key in common.
        outcome: the code of what happened, in `extract.outcomes`.
        replaced_characters: characters of the landed records that could not be read, replaced by U+FFFD.
    """

    run_id: str
    endpoint: str
    state: PullState
    rows: int
    pages: int
    reported_total: int | None
    http_status: int | None
    seconds: float
    started_at: datetime
    finished_at: datetime
    message: str
    stripped_labels: list[str]
    retries: int
    passes: int
    outcome: str
    replaced_characters: int = 0

    @property
    def fix(self) -> list[str]:
        """What to do, after "owner: "; empty where nothing needs to be done."""
        found = BY_CODE[self.outcome]
        steps = found.steps([BY_NAME[self.endpoint].subscription])
        return [f"{found.owner}: {steps[0]}", *steps[1:]] if steps else []


def write_pull(store: duckdb.DuckDBPyConnection, pull: Pull) -> None:
    """Writes one row of plus360.pulls, inside the caller's transaction."""
    names = ", ".join(field.name for field in fields(Pull))
    marks = ", ".join("?" for _ in fields(Pull))
    values = [value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in astuple(pull)]
    store.execute(f"insert into plus360.pulls ({names}) values ({marks})", values)
