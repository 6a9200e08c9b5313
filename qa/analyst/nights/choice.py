"""Which runs an analyst means: by id, or by the date on which they started."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from district.endpoints import ENDPOINTS
from qa.analyst.errors import DataError
from qa.analyst.reader import Reader, query

# By run, the oldest first, the endpoints that it received completely, with their records.
Pulls = Mapping[str, Mapping[str, int]]


def complete_pulls(reader: Reader) -> Pulls:
    """What the kept runs received completely; runs without any such endpoint are left out."""
    with reader.open() as con:
        pulls = con.execute(query("complete_pulls")).fetchall()
    runs: dict[str, dict[str, int]] = {}
    for run_id, endpoint, records in pulls:
        runs.setdefault(run_id, {})[endpoint] = records
    return runs


def chosen_run(runs: Pulls, run: str | date, until: str | None = None) -> str:
    """The id of a kept run.

    Args:
        runs: as `complete_pulls` gives them.
        run: its id, or the date on which it started, in UTC as in its id; of several on a day, the last one.
        until: the id of the run that it is compared with: of several on that run's own day, the first one.

    Raises:
        DataError: there is none, or it is the one that it would be compared with.
    """
    day = str(run).replace("-", "")
    of_that_day = [one for one in runs if one == str(run) or (len(day) == len("20261125") and one[:8] == day)]
    if not of_that_day:
        raise DataError(f"There is no run {str(run)!r}; there are {', '.join(runs)}.")
    chosen = of_that_day[0 if until in of_that_day else -1]
    if chosen == until:
        raise DataError(f"Run {until} can't be compared with itself; there are {', '.join(runs)}.")
    return chosen


def run_before(runs: Pulls, run_id: str) -> str:
    """The last kept run before a run that received all endpoints, or else the last one that received any.

    Raises:
        DataError: there is none.
    """
    earlier = {run: endpoints for run, endpoints in runs.items() if run < run_id}
    if not earlier:
        raise DataError(f"There is no run before {run_id} to compare with.")
    return max(earlier, key=lambda run: (len(earlier[run]) == len(ENDPOINTS), run))
