"""Evaluates the items of the setup checklist that are about the records, from what the probe saw."""

from collections.abc import Sized
from math import ceil

from district.endpoints import BY_NAME, ENDPOINTS
from extract import outcomes
from extract.outcomes import Outcome
from extract.preflight import setup_outcomes
from extract.preflight.evaluate import Evaluation, failed, names, sampled, unknown
from extract.preflight.few_people import counts
from extract.preflight.field_labels import is_plain_label
from extract.preflight.probe import Probe

PRE_REGISTERED = "P"  # [assumed]; a district's own codes are in its settings
# A line of the terminal, or two.
_MOST_NAMES, _LONGEST_NAME = 5, 60
_YES = {"y", "yes", "1", "t", "true"}


def district(probe: Probe) -> Evaluation:
    """Which district answers: its schools by name, for an address may be another one's.

    Their names are the district's own words: they are details, which only the operator's terminal shows.
    """
    if not _records(probe, "School"):
        return unknown(probe, "School")
    named = dict.fromkeys(filter(None, map(_printable, probe.values("School", "name"))))
    number = probe.samples["School"].total or _records(probe, "School")
    seen = f"has {number:,} {'building' if number == 1 else 'buildings'}"
    shown = list(named)[:_MOST_NAMES]
    more = [f"and {number - len(shown):,} more"] if number > len(shown) else []
    return Evaluation("ok", seen, details=("; ".join([*shown, *more]),))


def _printable(name: str) -> str:
    """A school's name, without what would move a terminal's cursor, and cut where it is no name."""
    return "".join(letter for letter in name if letter.isprintable())[:_LONGEST_NAME].strip()


def birth_date(probe: Probe) -> Evaluation:
    """Fails where the label is missing, or empty in every record sampled."""
    if not _records(probe, "Student"):
        return unknown(probe, "Student")
    values = probe.values("Student", "birth_date")
    if any(values):
        return Evaluation("ok", "received with the students")
    what = "empty for all" if values else "received with none of the"
    number = f"{_records(probe, 'Student'):,} " if counts(probe, "Student") else ""
    seen = f"{what} {number}students sampled"
    unmapped = [] if values else probe.unmapped("Student")
    return failed(seen, setup_outcomes.NO_BIRTH_DATES)._replace(details=_details("Student", unmapped))


def pre_registered(probe: Probe) -> Evaluation:
    """Whether a pre-registered student was seen."""
    codes = {code for code, status in probe.district.enrollment_status.items() if status == "PRE_ENROLLED"}
    codes |= {PRE_REGISTERED} - probe.district.enrollment_status.keys()
    seen = _seen_among(probe, "Student", "status_code", codes)
    found = _optional(probe, "Student", seen, "pre-registered student", setup_outcomes.NO_PRE_REGISTERED)
    return found._replace(details=(f"status {' or '.join(sorted(codes))}",))


def out_of_district(probe: Probe) -> Evaluation:
    """Whether an out-of-district building was seen."""
    seen = _seen_among(probe, "School", "is_out_of_district", _YES)
    return _optional(probe, "School", seen, "out-of-district building", setup_outcomes.NO_OUT_OF_DISTRICT)


def labels(probe: Probe) -> Evaluation:
    """Fails where a needed label is missing, or an unmapped one may stand for a missing one."""
    if not any(_records(probe, endpoint.name) for endpoint in ENDPOINTS):
        return unknown(probe)
    notes: list[str] = []
    details: list[str] = []
    is_lost = False
    for endpoint in ENDPOINTS:
        if not _records(probe, endpoint.name):
            continue
        mapped, sample = probe.labels(endpoint.name), probe.samples[endpoint.name]
        received = {mapped.field(label) for label in sample.labels}
        missing = {field: label for field, label in mapped.expected.items() if field not in received}
        # Every label of UDRegUser is the district's own.
        unmapped = [] if endpoint.has_own_labels else probe.unmapped(endpoint.name)
        needed = endpoint.required | {mapped.field(key) for key in endpoint.keys}
        is_lost |= bool(unmapped and missing) or bool(needed & missing.keys())
        if not unmapped:
            missing.pop("birth_date", None)  # its own item says so
        unknown_labels = f"{_labels(unmapped)} that we don't recognize"
        notes += [f"{endpoint.name}: {unknown_labels}"] if unmapped else []
        notes += [f"{endpoint.name}: never sent {', '.join(missing.values())}"] if missing else []
        sensitive = _labels(sample.stripped, "sensitive ")
        notes += [f"{endpoint.name}: {sensitive}"] if sample.stripped else []
        details += _details(endpoint.name, [*unmapped, *sorted(sample.stripped)])
    if is_lost:
        return failed("; ".join(notes), setup_outcomes.LABELS_NOT_MAPPED)._replace(details=tuple(details))
    seen = "; ".join(["every field that is needed was received", *notes])
    return Evaluation("ok", seen, details=tuple(details))


def _labels(found: Sized, kind: str = "") -> str:
    return f"{len(found)} {kind}{'label' if len(found) == 1 else 'labels'}"


def totals(probe: Probe) -> Evaluation:
    """Whether there are records at all, and how many the server says."""
    found = sampled(probe)
    if not found:
        return unknown(probe)
    empty = [name for name, one in found.items() if not one.records and not BY_NAME[name].may_be_empty]
    if empty:
        return failed(f"no records: {names(empty)}", setup_outcomes.NO_RECORDS, *empty)
    if wrong := [name for name, one in found.items() if one.contradicts_total]:
        seen = f"{names(wrong)}: {outcomes.TOTAL_CONTRADICTED.meaning}"
        return failed(seen, outcomes.TOTAL_CONTRADICTED, *wrong)
    if untold := [name for name, one in found.items() if one.total is None]:
        return Evaluation("unknown", f"the server says no total: {names(untold)}")
    hidden = [name for name in found if not counts(probe, name)]
    number = "some" if hidden else f"{sum(one.total or 0 for one in found.values()):,}"
    seen = f"{number} records: {names(list(found))}"
    details = tuple(f"{name}: {found[name].total:,} records" for name in hidden)
    if len(found) < len(ENDPOINTS):
        return Evaluation("unknown", f"{seen}; the others gave none", details=details)
    return Evaluation("ok", seen, details=details)


def duration(probe: Probe) -> Evaluation:
    """How long a nightly pull will take, and whether its time budget allows for that."""
    found = {name: one for name, one in sampled(probe).items() if one.records and one.total is not None}
    timed = list(found.values())
    if not timed:
        return unknown(probe)
    page = f"{max(one.seconds for one in timed):.2f} s for the slowest page"
    expected = [endpoint for endpoint in ENDPOINTS if not endpoint.may_be_empty]
    if len(timed) < len(expected) or any(one.contradicts_total for one in timed):
        return Evaluation("unknown", f"{page}; needs the records and the total of every endpoint")
    pages = [ceil((one.total or 0) / (one.pages[0].rows or 1)) for one in timed]
    work = sum(count * one.seconds for count, one in zip(pages, timed, strict=True))
    seconds = max(work / probe.district.connections, *(one.seconds for one in timed))
    # Of short pages, their number tells that of the records.
    number = f" for {sum(pages):,} pages" if all(counts(probe, name) for name in found) else ""
    seen = f"about {ceil(seconds)} s{number} over {probe.district.connections} connections"
    if seconds < probe.district.time_budget_seconds:
        return Evaluation("ok", f"{seen}; {page}")
    return failed(f"{seen}; {page}", setup_outcomes.RUN_TOO_LONG)


def _seen_among(probe: Probe, endpoint: str, field: str, wanted: set[str]) -> bool | None:
    """Whether a field has one of these values; None where the field was not received."""
    values = probe.values(endpoint, field) if _records(probe, endpoint) else []
    found = {value.lower() for value in values} & {value.lower() for value in wanted}
    return bool(found) if values else None


def _optional(probe: Probe, endpoint: str, seen: bool | None, what: str, outcome: Outcome) -> Evaluation:
    """Ok where it was seen; unknown where it was not: the district may have none."""
    if not _records(probe, endpoint):
        return unknown(probe, endpoint)
    if seen is None:
        return Evaluation("unknown", f"{endpoint} has no field for it")
    if seen:
        return Evaluation("ok", f"received: {what}")
    records = f"{_records(probe, endpoint):,}"
    among = f"{records}, all of them" if probe.sees_all(endpoint) else f"the {records} sampled"
    among = among if counts(probe, endpoint) else "those sampled"
    line = f"no {what} among {among}: the district has none, or the setting is not checked"
    return Evaluation("unknown", line, ((outcome, ()),))


def _records(probe: Probe, endpoint: str) -> int:
    return len(probe.samples[endpoint].records) if probe.samples else 0


def _details(endpoint: str, labels: list[str]) -> tuple[str, ...]:
    """Labels as the server sent them, as far as they look like labels: odd ones could be anything."""
    plain = [label for label in labels if is_plain_label(label)]
    odd = [f"{len(labels) - len(plain)} with odd names"] if len(plain) < len(labels) else []
    return (f"{endpoint}: {', '.join(plain + odd)}",) if labels else ()
