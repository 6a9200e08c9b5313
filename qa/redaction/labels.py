"""Labels are text that a district chose. Redacted files show the ones we know and count the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from district.folder import NightFolder
from extract.preflight.field_labels import known_labels
from qa.contract_types import StrippedLabel
from qa.redaction.spreadsheet import lists_together

_COLUMNS = ("number", "endpoint", "label", "records", "filled", "kind", "first_seen")
# Kinds of labels that are never stored, by what such a label contains; the first that fits.
_KINDS: tuple[tuple[StrippedLabel, str], ...] = (
    ("ssn", r"ssn|soc(ial)?_?sec"),
    ("password", r"password|passwd|pwd|pass_?word"),
    ("locker_combination", r"combo|combination|locker"),
    ("medicaid", r"medicaid"),
    ("token", r"token|contact_?key|secret"),
    ("login", r"login|log_?on"),
    ("pin", r"(^|_)pin(_|$)|pin_?(code|number|no)"),
)


def kind_of(label: str) -> StrippedLabel:
    """Which of our own codes stands for a label that was removed before storing."""
    spelled = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", label)
    parts = re.sub(r"[^a-z0-9]+", "_", spelled.lower())
    return next((kind for kind, pattern in _KINDS if re.search(pattern, parts)), "other_sensitive")


def is_known(endpoint: str, label: str) -> bool:
    """Whether a label, or the field it fills, is in seeds/field_labels.csv for its endpoint."""
    return (endpoint, label) in _dictionary()


def write_labels(
    night: NightFolder, numbered: Iterable[tuple[object, ...]], removed: Iterable[tuple[str, str]]
) -> None:
    """Write private/labels.csv of a run: the names that the redacted files only number or count.

    Args:
        night: the folder of the run.
        numbered: lines of labels that the district chose, in the order of the columns.
        removed: endpoint and label of what was removed before storing.
    """
    lines: Sequence[tuple[object, ...]] = [
        *numbered,
        *((None, endpoint, label, None, None, "removed before storing", None) for endpoint, label in removed),
    ]
    if lines:
        with lists_together() as lists:
            lists.write(night.labels, _COLUMNS, lines)


@cache
def _dictionary() -> frozenset[tuple[str, str]]:
    return frozenset(
        (row["endpoint"], name) for row in known_labels() for name in (row["field"], row["label"])
    )
