"""The records behind the pseudonyms of the shared report."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from district.endpoints import BY_MART
from district.run_id import started_at
from qa.analyst.errors import DataError
from qa.analyst.frames import frame_of
from qa.analyst.people.findings import document_of, fix_of, show_failing, with_words
from qa.analyst.people.last_seen import last_runs
from qa.analyst.people.record_since import FailingRecord, since_of
from qa.analyst.people.sis_pages import guardian_links
from qa.analyst.reader import Reader, query
from qa.check_results import CheckResult, Warehouse

KINDS = {
    "students": "student",
    "contacts": "contact",
    "student_contacts": "link of a student and a contact",
    "contact_addresses": "address of a contact",
    "contact_phones": "phone of a contact",
    "ud_fields": "student's own fields of the district",
    "schools": "school",
}
_COLUMNS = [
    "pseudonym",
    "student_id",
    "student",
    "contact_id",
    "contact",
    "school",
    "finding",
    "field",
    "value",
    "reason",
    "fix",
    "since",
    "status",
    "check_id",
    "kind",
    "school_id",
    "record_key",
    "link",
]
# A pseudonym as people write it: in lower case, without hyphens, with blanks or long hyphens.
_WRITTEN = re.compile(
    r"(?<![A-Z0-9])([A-Z])([-\s\u2010-\u2015]?)([0-9A-Z]{4})([-\s\u2010-\u2015]?)([0-9A-Z]{4})(?![A-Z0-9])",
    re.IGNORECASE,
)


def who(reader: Reader, codes: str | Iterable[str]) -> pd.DataFrame:
    """Whose records pseudonyms stand for, and what fails of each: one row per pseudonym and check.

    `since` is the first of the kept runs in which the record had the value that fails; it is blank where the
    failure depends on other records, or on the day.

    Args:
        reader: the run.
        codes: one pseudonym, several, or a text that contains them.

    Raises:
        DataError: no pseudonym is in it, or the run was not built.
    """
    reader.require_built()
    listed = codes if isinstance(codes, Iterable) else [codes]  # a record may have no code: pd.NA
    text = codes if isinstance(codes, str) else " ; ".join(map(str, listed))
    written = _pseudonyms_in(text)
    reader.tell_newer()
    with reader.open() as con:
        records = frame_of(con.execute(query("who_records"), {"codes": list(written)}))
        show_failing(con)
        failing = frame_of(con.execute(query("who_failing"), {"codes": list(written)}))
        results = Warehouse(con).meant()
    _say_unknown(written, set(records["pseudonym"]), reader)
    checks = failing["check_id"]
    failing = failing.assign(
        finding=checks.map(lambda check: results[check].title).astype("string"),
        fix=fix_of(failing, results),
        since=pd.Series(_since(reader, failing), index=failing.index, dtype=object),
    ).drop(columns=["kind", "record_key"])
    frame = records.merge(with_words(failing), on="pseudonym", how="left")
    order = {code: number for number, code in enumerate(written)}
    frame = frame.sort_values(
        "pseudonym", key=lambda codes: codes.map(order), kind="stable", ignore_index=True
    )
    gone = [
        (str(kind), str(key))
        for kind, key, is_here in zip(frame["kind"], frame["record_key"], frame["is_received"], strict=True)
        if not is_here
    ]
    seen = last_runs(reader, gone)
    unknown = _of_unknown(results)
    status = [
        _not_received(kind, reader)
        or _status(
            is_here=bool(is_here),
            fails=check is not pd.NA,
            is_unknown=kind in unknown,
            last_run=seen.get((kind, key)),
        )
        for kind, key, is_here, check in zip(
            frame["kind"], frame["record_key"], frame["is_received"], frame["check_id"], strict=True
        )
    ]
    frame = frame.assign(
        kind=frame["kind"].map(KINDS).astype("string"),
        since=frame["since"].where(frame["since"].notna(), pd.NA),
        status=pd.array(status, dtype="string"),
    )
    return guardian_links(frame, reader)[_COLUMNS]


def _pseudonyms_in(text: str) -> dict[str, bool]:
    """The pseudonyms in a text, as we write them, and whether each was surely meant as one.

    "a test case" has the shape of one: without hyphens it counts only if it stands for a record.
    """
    found: dict[str, bool] = {}
    for match in _WRITTEN.finditer(text):
        letter, first, one, second, other = match.groups()
        is_sure = match.group().strip() == text.strip() or bool(first.strip() and second.strip())
        code = f"{letter}-{one}-{other}".upper()
        found[code] = found.get(code, False) or is_sure
    if not found:
        raise DataError("There is no code in it. A code of the report looks like P-G9BH-22G6.")
    return found


def _say_unknown(written: dict[str, bool], known: set[str], reader: Reader) -> None:
    unknown = [code for code, is_sure in written.items() if is_sure and code not in known]
    if unknown:
        sys.stdout.write(
            f"Not a code of {reader.folder.key}: {', '.join(unknown)}. Is it another district's?\n"
        )


def _since(reader: Reader, failing: pd.DataFrame) -> list[date | None]:
    """Since when each record fails its check; None where that is not known of a single record."""
    try:
        found = document_of(reader).findings
    except DataError:
        found = []
    first = {finding.id: finding.since.date() for finding in found if finding.since}
    keys = failing[["kind", "record_key", "position", "field", "reason"]].astype(object).values
    records = [FailingRecord(*key) for key in keys]
    night = started_at(reader.run_id).date()
    # No record fails before its check does.
    return [
        night if first.get(check) == night else max(since, first.get(check, since)) if since else None
        for check, since in zip(failing["check_id"], since_of(reader, records), strict=True)
    ]


def _of_unknown(results: Mapping[str, CheckResult]) -> set[str]:
    """The kinds of records of which a check was not evaluated, although there are records."""
    return {
        check_id.partition("__")[0]
        for check_id, result in results.items()
        if result.state in ("not_evaluated", "crashed") and not result.without_records
    }


def _not_received(kind: str, reader: Reader) -> str:
    """What is said of a record whose endpoint was not received; "" where it was."""
    endpoint = BY_MART[kind].name
    return f"not known: {endpoint} was not received" if endpoint in reader.missing else ""


def _status(*, is_here: bool, fails: bool, is_unknown: bool, last_run: str | None) -> str:
    if is_here and fails:
        return "fails in this run"
    if is_here:
        return "received; no check fails" + (", but not all checks were evaluated" if is_unknown else "")
    if last_run is None:
        return "no longer received"
    return f"no longer received; last in run {last_run}"
