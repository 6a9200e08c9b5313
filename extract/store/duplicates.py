"""Keys that a pass received more than once.

An endpoint whose pages have no fixed order can send some records on two pages and lose as many others. Its
total still matches; only the keys show it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from district.endpoints import Endpoint
from extract.preflight.field_labels import FieldLabels

# The labels that these first records have are the labels of the endpoint.
_SAMPLE = 1_000


@dataclass(frozen=True)
class Duplicates:
    """Hashes of the keys that a pass received more than once: on any pages, and on different pages."""

    keys: frozenset[int] = frozenset()
    across_pages: frozenset[int] = frozenset()

    def are_those_of(self, other: "Duplicates") -> bool:
        """Whether both passes received the same keys twice.

        The two may end their pages at different records: what one received on two pages may be on one page of
        the other.
        """
        return self.across_pages <= other.keys and other.across_pages <= self.keys


def find_duplicates(
    store: duckdb.DuckDBPyConnection,
    run_id: str,
    endpoint: Endpoint,
    labels: FieldLabels,
    page_starts: Sequence[int],
) -> Duplicates:
    """Finds the keys that a run landed more than once for an endpoint.

    Args:
        store: sees the landed rows.
        run_id: the run.
        endpoint: with its keys. Where a record has no label of a key, or nothing that numbers the records of
            one key, only whole records are compared.
        labels: which label fills which field.
        page_starts: the position of each page's first row, in order.
    """
    table = f'plus360."{endpoint.name}"'
    sent = store.execute(
        f"""
        select distinct unnest(json_keys(payload))
        from (select payload from {table} where run_id = ? limit {_SAMPLE})
        """,
        [run_id],
    ).fetchall()
    key = _key_labels(endpoint, labels, sorted(label for (label,) in sent))
    # A list of paths parses each record once, however many labels the key has.
    value, parameters = ("json_extract_string(payload, ?)", [_paths(key)]) if key else ("payload", [])
    found = store.execute(
        f"""
        select hash({value}) as key_hash, min(position), max(position)
        from {table}
        where run_id = ?
        group by key_hash
        having count(*) > 1
        """,
        [*parameters, run_id],
    ).fetchall()
    return Duplicates(
        frozenset(key_hash for key_hash, _, _ in found),
        frozenset(
            key_hash
            for key_hash, first, last in found
            if bisect_right(page_starts, first) != bisect_right(page_starts, last)
        ),
    )


def _key_labels(endpoint: Endpoint, labels: FieldLabels, sent: Sequence[str]) -> list[str]:
    """The labels that together tell the endpoint's records apart; empty where only whole records do."""
    sent_for: dict[str | None, list[str]] = {}
    for label in sent:
        sent_for.setdefault(labels.field(label), []).append(label)
    keys = [sent_for.get(labels.field(key), []) for key in endpoint.keys]
    numbers = [sent_for.get(labels.field(number), []) for number in endpoint.numbered_by]
    if not all(keys) or (numbers and not any(numbers)):
        return []
    return [label for spellings in (*keys, *numbers) for label in spellings]


def _paths(labels: Sequence[str]) -> list[str]:
    """JSON pointers: a label may hold any character."""
    return ["/" + label.replace("~", "~0").replace("/", "~1") for label in labels]
