"""Whether a student and the guardians are in the import, and why not, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from district.run_id import started_at
from qa.analyst.frames import rows_of
from qa.analyst.people.findings import QUARANTINED
from qa.check_results import CheckResult

_AS_RECEIVED = "In the import, as received."
_NOT_SENT = "Not in the import: {why}."
_NO_REASON = "this run sends no students"
_KEPT = {
    "carried": "In the import as last published, since {day}: {why}.",
    "departed": "Sent as inactive: no longer received since {day}.",
}
_TWICE = " The id was received {n} times; one of the records is used."
_REMOVED = " The load of this run removes guardian {who}{why}{other}."
_GUARDIAN_KEPT = {"carried": "as last published", "departed": "as inactive"}
_WHYS = QUARANTINED | {"student_refused": "The student can't be loaded"}


def status_of(
    decisions: pd.DataFrame,
    checks: Mapping[str, CheckResult],
    *,
    removed: pd.DataFrame,
    received: int,
    is_sent: bool,
) -> str:
    """Whether a student is in the import, and why not, in a sentence or two.

    Args:
        decisions: why the student is not sent as received: check_id, reason, kept_as, since_run_id.
        checks: all checks by their ids.
        removed: the guardians whom the load removes: contact_id, name, cause, replaced_by.
        received: how many records have the student's id.
        is_sent: whether the file has a row of the student.
    """
    more = (_TWICE.format(n=received) if received > 1 else "") + "".join(_removed(removed))
    rows = rows_of(decisions)
    whys = [
        checks[row["check_id"]].title if row["check_id"] in checks else _WHYS.get(row["reason"] or "", "")
        for row in rows
    ]
    why = "; ".join(dict.fromkeys(filter(None, whys)))
    one = next((row for row in rows if row["kept_as"] in _KEPT), None)
    if is_sent and one:
        return kept(one["kept_as"], one["since_run_id"], why) + more
    return (_AS_RECEIVED if is_sent else _NOT_SENT.format(why=why or _NO_REASON)) + more


def kept(kept_as: str, since_run_id: str, why: str) -> str:
    """As what a student is in the import who is not sent as received, since when and why."""
    return _KEPT[kept_as].format(day=started_at(since_run_id).date(), why=why)


def _removed(guardians: pd.DataFrame) -> Iterator[str]:
    """A sentence for each guardian whom the load removes."""
    for contact_id, name, cause, replaced_by in guardians.astype(object).values:
        who = contact_id if pd.isna(name) else f"{contact_id} ({name})"
        words = _WHYS.get(cause, "")
        why = f": {words[:1].lower()}{words[1:]}" if words else ""
        yield _REMOVED.format(who=who, why=why, other="" if pd.isna(replaced_by) else f" ({replaced_by})")


def sent(*, is_imported: bool, kept_as: str | None, reason: str | None) -> str:
    """Whether a guardian is in the import: yes, as what, or why not."""
    if is_imported:
        return _GUARDIAN_KEPT.get(kept_as or "", "yes")
    return f"no: {_WHYS.get(reason, reason)}" if reason else "no"
