"""The verdict with its cause in one sentence, and who takes the next step: the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.outcomes import BY_CODE, NOT_SUBSCRIBED, OPERATOR, Owner
from qa.check_results import CheckResult
from qa.contract import Pull, QaDocument
from qa.contract_types import Choice, NextStep, Verdict
from qa.delivery.contract import Delivery
from qa.failing.contract import Finding
from qa.load import words as load_words
from qa.load.causes import causes_of
from qa.load.contract import Effects, Load, SchoolEffect
from qa.verdict.past import as_past

_VERDICTS: dict[Verdict, str] = {
    "published": "Published: {cause}.",
    "held": "Held: {cause}.",
    "stopped": "Stopped: {cause}.",
    "failed": "Failed: {cause}.",
}
# A decision takes the verdict's place.
_DECIDED: dict[Choice, str] = {"released": "Released: {cause}.", "discarded": "Discarded: {cause}."}
_AND_ONE = "; {cause}"
_AND_MORE = (", and 1 more problem", ", and {others} more problems")
# A second cause that is longer than this is only counted.
_SHORT = 60
_WITHHELD = "the cause is withheld"

# What a load did, by file: one, several.
_ADDED = {
    "students.csv": ("{n} student added", "{n} students added", "no students added"),
    "guardians.csv": ("{n} guardian added", "{n} guardians added", "no guardians added"),
}
_CHANGED = ("{n} changed", "{n} changed", "none changed")
_REMOVED = ("{n} removed", "{n} removed", "none removed")
_NO_CHANGE = "nothing changed"
_FIRST = "first import, {students} students"
_FIRST_OF_BOTH = "first import, {students} students and {guardians} guardians"
_FEW = "with fewer than ten students in this load or the last one, no numbers are shown"
_FEW_GUARDIANS = "with fewer than ten guardians in this load or the last one, their numbers are not shown"

# What happened to pulls. Outcomes that read badly after a colon have a sentence of their own.
_AT_ENDPOINTS = "at {endpoints}, {meaning}"
_OUTCOMES: dict[str, tuple[str, str]] = {
    NOT_SUBSCRIBED.code: ("{endpoints} is not subscribed", "{endpoints} are not subscribed"),
}
_COUNTED = "{title} ({failed:,} of {total:,} {population})"


@dataclass(frozen=True)
class Headline:
    """What a run's first line says, and what happens next.

    Attributes:
        next_owner: who takes the next step; None where there is none.
    """

    text: str
    next_step: NextStep
    next_owner: Owner | None


@dataclass(frozen=True)
class Causes:
    """What a headline is made of: as much of a run as is shown.

    Attributes:
        reason: the gate's, for a run without a cause that has a name.
    """

    reason: str
    findings: Sequence[Finding]
    results: Sequence[CheckResult]
    pulls: Sequence[Pull]
    load: Load | None
    schools: Sequence[SchoolEffect]


def headline_of(verdict: Verdict, run: Causes) -> Headline:
    """The headline of a run that no one has decided on."""
    if verdict == "published" and run.load:
        return Headline(_says(verdict, _did(run.load)), *after_publishing(run.findings, None))
    if verdict == "held" and run.load and (cause := _held(run.load, run.schools)):
        return Headline(_says(verdict, cause), "decide", OPERATOR)
    blocking = [finding for finding in run.findings if finding.level == "stop"]
    causes = [cause for finding in blocking for cause in _blocks(finding, run)]
    cause = _first_of(causes) or _lower(run.reason).removesuffix(".")
    if verdict == "failed":
        return Headline(_says(verdict, cause), "run_again", OPERATOR)
    return Headline(_says(verdict, cause), "fix", blocking[0].owner if blocking else OPERATOR)


def once_decided(
    choice: Choice, load: Load | None, schools: Sequence[SchoolEffect], findings: Sequence[Finding]
) -> Headline:
    """The headline of a held run on which a person has decided."""
    if choice == "released":
        cause = _did(load) if load else _WITHHELD
        return Headline(_DECIDED[choice].format(cause=cause), *after_publishing(findings, None))
    cause = as_past((_held(load, schools) if load else None) or _WITHHELD)
    owners = [finding.owner for finding in findings if finding.level == "hold"]
    return Headline(_DECIDED[choice].format(cause=cause), "fix", owners[0] if owners else OPERATOR)


def after_publishing(findings: Sequence[Finding], delivery: Delivery | None) -> tuple[NextStep, Owner | None]:
    """What happens next once a run is published, and who does it.

    An import that was not delivered is to be. Records that can't be loaded are to be fixed; what is only
    worth fixing asks no one to act.
    """
    if delivery and delivery.state == "not_delivered":
        return "deliver", OPERATOR
    urgent = [finding.owner for finding in findings if finding.level == "error"]
    return ("fix", urgent[0]) if urgent else ("nothing", None)


def withheld(document: QaDocument) -> str:
    """The headline without any text but our own: the load's numbers, or no cause."""
    load, schools = document.load, document.load_schools
    if document.decision:
        return once_decided(document.decision.decision, load, schools, document.findings).text
    cause = None
    if load and document.verdict in ("published", "held"):
        cause = _did(load) if document.verdict == "published" else _held(load, schools)
    return _says(document.verdict, cause or _WITHHELD)


def _says(verdict: Verdict, cause: str) -> str:
    return _VERDICTS[verdict].format(cause=cause)


def _held(load: Load, schools: Sequence[SchoolEffect]) -> str | None:
    causes = [cause for cause in causes_of(load.holds) if cause.holds[0].level == "hold"]
    return _first_of([_lower(load_words.sentence(cause.holds[0], load, schools)) for cause in causes])


def _blocks(finding: Finding, run: Causes) -> list[str]:
    """What blocks the load: of a check of the pulls, one cause for each outcome."""
    if finding.id.startswith("pull__") and finding.id in _OF_PULLS:
        pulls = [pull for pull in run.pulls if pull.state in _OF_PULLS[finding.id]]
        outcomes = dict.fromkeys(pull.outcome for pull in pulls)
        told = [
            _at_endpoints(code, [pull.endpoint for pull in pulls if pull.outcome == code], len(run.pulls))
            for code in outcomes
        ]
        if told:
            return told
    result = next(result for result in run.results if result.check_id == finding.id)
    if finding.failed is None:
        return [_lower(result.title)]
    return [
        _COUNTED.format(
            title=_lower(result.as_meant().title),
            failed=finding.failed,
            total=finding.total,
            population=finding.population,
        )
    ]


# The states of the pulls that fail each of these checks.
_OF_PULLS = {
    "pull__endpoints__complete": ("refused", "broken", "missing"),
    "pull__rows__reconciled": ("unreconciled",),
    "pull__keys__unique_across_pages": ("unreconciled",),
}


def _at_endpoints(code: str, endpoints: Sequence[str], of: int) -> str:
    meaning = BY_CODE[code].meaning
    if code in _OUTCOMES:
        return _OUTCOMES[code][len(endpoints) > 1].format(endpoints=", ".join(endpoints))
    if len(endpoints) == of:
        return meaning
    return _AT_ENDPOINTS.format(endpoints=", ".join(endpoints), meaning=meaning)


def _did(load: Load) -> str:
    """What a load did: "4 students added, 6 changed, none removed; 15 guardians added, ..."."""
    students, guardians = load.students, load.guardians
    if students.now is None:
        return _FEW
    if load.baseline_run_id is None:
        if guardians is None or guardians.now is None:
            return _FIRST.format(students=f"{students.now:,}")
        return _FIRST_OF_BOTH.format(students=f"{students.now:,}", guardians=f"{guardians.now:,}")
    files = [("students.csv", students), *([("guardians.csv", guardians)] if guardians else [])]
    if not any(
        effects.now is None or effects.add or effects.update or effects.delete for _, effects in files
    ):
        return _NO_CHANGE
    return "; ".join(_did_to(file, effects) for file, effects in files)


def _did_to(file: str, effects: Effects) -> str:
    if effects.now is None:
        return _FEW_GUARDIANS
    return ", ".join(
        _count(number or 0, texts)
        for number, texts in (
            (effects.add, _ADDED[file]),
            (effects.update, _CHANGED),
            (effects.delete, _REMOVED),
        )
    )


def _count(number: int, texts: tuple[str, str, str]) -> str:
    one, several, none = texts
    return (none if not number else one if number == 1 else several).format(n=f"{number:,}")


def _first_of(causes: Sequence[str]) -> str | None:
    """The first cause, and the second if it is short, else how many others there are."""
    if not causes:
        return None
    others = causes[1:]
    if not others:
        return causes[0]
    if len(others) == 1 and len(others[0]) <= _SHORT:
        return causes[0] + _AND_ONE.format(cause=others[0])
    return causes[0] + _AND_MORE[len(others) > 1].format(others=len(others))


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _sentences() -> Iterator[str]:
    yield from (text.removesuffix("{cause}.") for text in (*_VERDICTS.values(), *_DECIDED.values()))
    yield from (_AND_ONE, *_AND_MORE, _WITHHELD, _NO_CHANGE, _FIRST, _FIRST_OF_BOTH, _FEW, _FEW_GUARDIANS)
    yield from (*_CHANGED, *_REMOVED, *(text for texts in _ADDED.values() for text in texts))
    yield from (_AT_ENDPOINTS, *(text for texts in _OUTCOMES.values() for text in texts))
    yield from (_lower(told) for text in load_words.SENTENCES for told in (text, as_past(text)))


# For the scan: what a headline may contain of the above; `{...}` stands for a number, a name, a text of ours.
SENTENCES = tuple(dict.fromkeys(_sentences()))
