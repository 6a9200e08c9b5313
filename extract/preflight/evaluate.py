"""Tells the state of each box of the set-up guide from what was seen of a district.

No verdict holds a value of a record, a secret, or more of the consumer key than the district's code.
"""

import re
from math import ceil
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from district.endpoints import BY_NAME, ENDPOINTS
from extract.api.classify import CLOCK_TOLERANCE_SECONDS
from extract.errors import EndpointError
from extract.preflight.probe import Look

State = Literal["ok", "failed", "unknown"]
Who = Literal["district", "PowerSchool support", "us"]

# What the import cannot do without beside the endpoints' keys; the birth date has a box of its own.
NEEDED_FIELDS = {
    "School": {"name", "state_school_id"},
    "Student": {"first_name", "last_name", "gender", "status_code", "school_id"},
}
PRE_REGISTERED = "P"  # [assumed]; a district's own codes are in its settings
MAY_BE_EMPTY = ("UDRegUser",)  # not every district has fields of its own
_YES = {"y", "yes", "1", "t", "true"}


class Verdict(NamedTuple):
    """What a judge says.

    Attributes:
        remedy: in place of the box's.
        who: in place of the box's.
        is_worth_a_look: the box's remedy is to be shown though the state is unknown.
    """

    state: State
    seen: str
    remedy: str = ""
    who: Who | None = None
    is_worth_a_look: bool = False


def address(look: Look) -> Verdict:
    """The settings refuse any address but HTTPS."""
    return Verdict("ok", look.district.base_url)  # the settings refuse any other


def code(look: Look) -> Verdict:
    """Whether the address has the consumer key's code in it, and something is there."""
    expected = look.district.code
    if expected is None:
        return Verdict("unknown", "the consumer key is not of the form OneRoster_ABC_123: it tells no code")
    if not look.district.code_fits:
        path = urlsplit(look.district.base_url).path
        return Verdict("failed", f"the address ends in {path}, the consumer key says /{expected}/")
    if look.statuses == {404}:
        seen = f"/{expected}/ fits, but nothing is there: 404 at all seven endpoints"
        remedy = "Open a case: ask for the district's base URL, and that this release has the seven endpoints"
        return Verdict("failed", seen, remedy, "PowerSchool support")
    return Verdict("ok", f"/{expected}/ is in both")


def host(look: Look) -> Verdict:
    """Whether anything answers at all."""
    if look.knock.host_error:
        return _told(look.knock.host_error)
    return Verdict("ok", "is there" if look.knock.tls_error else f"answers in {look.knock.seconds:.2f} s")


def certificate(look: Look) -> Verdict:
    """Whether the connection is secure, and with whom it should be."""
    if look.knock.tls_error:
        return _told(look.knock.tls_error)
    if look.knock.host_error:
        return _unknown(look)
    by = "the authority in ca_bundle" if look.district.ca_bundle else "an authority known here"
    return Verdict("ok", f"valid, of this host, signed by {by}")


def clock(look: Look) -> Verdict:
    """Whether the Date header and our clock agree."""
    ahead = look.knock.clock_ahead
    if not look.samples:
        return _unknown(look)
    if ahead is None:
        return Verdict("unknown", "the server's answer tells no time")
    if abs(ahead) <= CLOCK_TOLERANCE_SECONDS:
        return Verdict("ok", f"agrees with the server's within {max(1, round(abs(ahead)))} s")
    side = "behind" if ahead > 0 else "ahead of"
    return Verdict("failed", f"this machine's clock is {abs(ahead):.0f} seconds {side} the server's")


def answers(look: Look) -> Verdict:
    """Fails on answers that are neither records nor a plain no: web pages, redirects, server errors."""
    if not look.samples:
        return _unknown(look)
    errors: dict[Verdict, list[str]] = {}
    for endpoint, sample in look.samples.items():
        if sample.error and sample.error.status not in (401, 403, 404):
            errors.setdefault(_told(sample.error), []).append(endpoint)
    if errors:
        seen = "; ".join(f"{_names(endpoints)}: {error.seen}" for error, endpoints in errors.items())
        remedy = ". ".join(dict.fromkeys(error.remedy for error in errors))
        return Verdict("failed", seen, remedy, next(iter(errors)).who)
    if 200 not in look.statuses:
        return Verdict("unknown", "no endpoint got so far; see below")
    came = [name for name, sample in look.samples.items() if sample.pages]
    return Verdict("ok", f"whole pages of records at {_names(came)}")


def credentials(look: Look) -> Verdict:
    """Whether the server lets key and secret pass, with a wrong clock allowed for."""
    if look.accepted:
        return Verdict("ok", f"accepted, signed with {look.district.signature_method}")
    if 401 not in look.statuses:
        return _unknown(look)
    aside = ", though signed with the server's own time" if clock(look).state == "failed" else ""
    return Verdict("failed", f"401: one of them is wrong, or the API Profile is not Active{aside}")


def active(look: Look) -> Verdict:
    """Never fails by itself: the server does not tell an inactive profile from a wrong secret."""
    if look.accepted:
        return Verdict("ok", "the profile answers")
    if 401 not in look.statuses:
        return _unknown(look)
    seen = "an inactive profile, a wrong key and a wrong secret all get the same 401"
    return Verdict("unknown", seen, is_worth_a_look=True)


def subscription(endpoint: str, look: Look) -> Verdict:
    """Whether an endpoint is subscribed, and what its first page told."""
    if not look.samples:
        return _unknown(look)
    sample = look.samples[endpoint]
    if sample.pages:
        total = "" if sample.total is None else f"{sample.total:,} records, "
        return Verdict("ok", f"{total}a page in {sample.seconds:.2f} s")
    if sample.status == 403:
        return Verdict("failed", "403: not subscribed")
    if sample.status == 404 and look.statuses != {404}:
        remedy = f"Open a case: ask for a release of eSchoolPLUS that has {BY_NAME[endpoint].subscription}"
        return Verdict("failed", "404: this release does not have it", remedy, "PowerSchool support")
    return _unknown(look, endpoint)


def birth_date(look: Look) -> Verdict:
    """Fails where the label is absent, or null in every record looked at."""
    if not _records(look, "Student"):
        return _unknown(look, "Student")
    values = look.values("Student", "birth_date")
    if any(values):
        return Verdict("ok", "it comes with the students")
    what = "it is empty for all" if values else "it came with none of the"
    seen = f"{what} {_records(look, 'Student'):,} students looked at"
    unmapped = [] if values else look.unmapped("Student")
    return Verdict("failed", f"{seen}; unmapped came {_listed(unmapped)}" if unmapped else seen)


def pre_registered(look: Look) -> Verdict:
    """Whether a pre-registered student was seen."""
    codes = {code for code, status in look.district.enrollment_status.items() if status == "PRE_ENROLLED"}
    codes |= {PRE_REGISTERED} - look.district.enrollment_status.keys()
    what = f"student of status {' or '.join(sorted(codes))}"
    return _seen_among(look, "Student", "status_code", codes, what)


def out_of_district(look: Look) -> Verdict:
    """Whether a building out of district was seen."""
    return _seen_among(look, "School", "is_out_of_district", _YES, "building out of district")


def _seen_among(look: Look, endpoint: str, field: str, wanted: set[str], what: str) -> Verdict:
    """Ok where a value came; not to be told where it did not: the district may have none."""
    if not _records(look, endpoint):
        return _unknown(look, endpoint)
    values = look.values(endpoint, field)
    if not values:
        return Verdict("unknown", f"{endpoint} has no label that tells it")
    if {value.lower() for value in values} & {value.lower() for value in wanted}:
        return Verdict("ok", f"a {what} came")
    among = f"all {len(values):,}" if look.sees_all(endpoint) else f"the {len(values):,} looked at"
    seen = f"no {what} among {among}: the district has none, or the box is not checked"
    return Verdict("unknown", seen, is_worth_a_look=True)


def labels(look: Look) -> Verdict:
    """Fails where a needed label did not come, or one that came unmapped may stand for one that did not."""
    if not any(_records(look, endpoint.name) for endpoint in ENDPOINTS):
        return _unknown(look)
    notes: list[str] = []
    is_lost = False
    for endpoint in ENDPOINTS:
        if not _records(look, endpoint.name):
            continue
        mapped, sample = look.labels(endpoint.name), look.samples[endpoint.name]
        came = {mapped.field(label) for label in sample.labels}
        missing = {field: label for field, label in mapped.expected.items() if field not in came}
        # Every label of UDRegUser is the district's own.
        unmapped = [] if endpoint.name == "UDRegUser" else look.unmapped(endpoint.name)
        needed = NEEDED_FIELDS.get(endpoint.name, set()) | {mapped.field(key) for key in endpoint.keys}
        is_lost |= bool(unmapped and missing) or bool(needed & missing.keys())
        if not unmapped:
            missing.pop("birth_date", None)  # its own box says so
        for what, names in (
            ("sent unmapped", unmapped),
            ("never sent", list(missing.values())),
            ("sent (and we drop)", sorted(sample.stripped)),
        ):
            notes += [f"{endpoint.name} {what} {_listed(names)}"] if names else []
    if is_lost:
        return Verdict("failed", "; ".join(notes))
    return Verdict("ok", "; ".join(["every label that is needed came", *notes]))


def totals(look: Look) -> Verdict:
    """Whether there are records at all, and how many the server says."""
    came = {name: sample for name, sample in look.samples.items() if sample.pages}
    if not came:
        return _unknown(look)
    empty = [name for name, sample in came.items() if not sample.records and name not in MAY_BE_EMPTY]
    if empty:
        return Verdict("failed", f"not one record at {_names(empty)}")
    if untold := [name for name, sample in came.items() if sample.total is None]:
        return Verdict("unknown", f"the server tells no total for {_names(untold)}")
    whole = f"{sum(sample.total or 0 for sample in came.values()):,} records at {_names(list(came))}"
    if len(came) < len(ENDPOINTS):
        return Verdict("unknown", f"{whole}; the others gave none")
    return Verdict("ok", whole)


def night(look: Look) -> Verdict:
    """How long the pull of a night will take, and whether its time budget allows for that."""
    came = [sample for sample in look.samples.values() if sample.records and sample.total is not None]
    if not came:
        return _unknown(look)
    page = f"{max(sample.seconds for sample in came):.2f} s for the slowest page"
    if len(came) < len(ENDPOINTS) - len(MAY_BE_EMPTY):
        return Verdict("unknown", f"{page}; the rest shows once every endpoint gives records and a total")
    pages = [ceil((sample.total or 0) / (sample.pages[0].rows or 1)) for sample in came]
    work = sum(count * sample.seconds for count, sample in zip(pages, came, strict=True))
    seconds = max(work / look.district.connections, *(sample.seconds for sample in came))
    about = f"about {ceil(seconds)} s for {sum(pages):,} pages over {look.district.connections} connections"
    return Verdict("ok" if seconds < look.district.time_budget_seconds else "failed", f"{about}; {page}")


def _unknown(look: Look, endpoint: str | None = None) -> Verdict:
    """Not to be told, because something before it failed."""
    return Verdict("unknown", look.why_not(endpoint))


# How the errors' remedies begin where somebody else has to act, who that is, and what to tell them.
_WHOSE: tuple[tuple[str, Who, str], ...] = (
    ("Ask the district to ", "district", ""),
    ("Ask the district whether ", "district", "tell whether "),
    ("Open a case ", "PowerSchool support", "Open a case "),
    ("", "us", ""),
)


def _told(error: EndpointError) -> Verdict:
    """An error's line, taken apart: what was seen, what to do, who has to."""
    line = re.sub(r" \(\d+ attempts?\)$", "", str(error))
    parts = re.fullmatch(r'((?:"[^"]*"|[^"])*?)\. (.*)', line)  # a web page's title may have a full stop, too
    seen, remedy = parts.groups() if parts else (line, "Run the check again a little later")
    begins, who, instead = next(row for row in _WHOSE if remedy.startswith(row[0]))
    remedy = instead + remedy.removeprefix(begins)
    return Verdict("failed", seen, remedy[:1].upper() + remedy[1:], who)


def _records(look: Look, endpoint: str) -> int:
    return len(look.samples[endpoint].records) if look.samples else 0


def _listed(labels: list[str]) -> str:
    """Labels, as far as they look like labels: a server's odd ones could be anything."""
    plain = [label for label in labels if re.fullmatch(r"[A-Za-z][A-Za-z0-9_ -]{0,59}", label)]
    odd = [f"{len(labels) - len(plain)} with odd names"] if len(plain) < len(labels) else []
    return ", ".join(plain + odd)


def _names(endpoints: list[str]) -> str:
    return "all seven endpoints" if len(endpoints) == len(ENDPOINTS) else ", ".join(endpoints)
