"""In which earlier run a record that is gone was received last."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import partial

import duckdb

from district.endpoints import BY_MART
from qa.analyst.pulls import complete_before
from qa.analyst.reader import Reader

# Each is looked for in four runs of fourteen, which takes a second in a large district.
_MOST = 5

Record = tuple[str, str]


def last_runs(reader: Reader, gone: Sequence[Record]) -> dict[Record, str]:
    """The last run that received each record, of the runs whose records are kept; of the first few records.

    A record that is gone is not expected to have been gone before, so not every run is read.

    Args:
        reader: the run that has not received them.
        gone: kind and key of each.
    """
    found: dict[Record, str] = {}
    if not gone:
        return found
    with reader.open() as con:
        for kind, key in list(dict.fromkeys(gone))[:_MOST]:
            runs = complete_before(con, BY_MART[kind].name, reader.run_id)
            received = bisect_left(runs, True, key=partial(_lacks, con, kind, key))
            if received:
                found[kind, key] = runs[received - 1]
    return found


def _lacks(con: duckdb.DuckDBPyConnection, kind: str, key: str, run_id: str) -> bool:
    """Whether no record of a run has all parts of the key as values."""
    parts = key.split("/")
    table = f'raw_store.plus360."{BY_MART[kind].name}"'
    has_parts = " and ".join(["contains(payload, ?)"] + ["regexp_matches(payload, ?)"] * len(parts))
    values = [rf'[":\s]{re.escape(part)}["\s,}}]' for part in parts]
    found = con.execute(
        f"select 1 from {table} where run_id = ? and {has_parts} limit 1", [run_id, parts[0], *values]
    ).fetchone()
    return found is None
