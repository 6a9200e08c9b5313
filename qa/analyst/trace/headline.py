"""The answer in one sentence: is the student in the import, and why or why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qa.analyst.trace import words
from qa.analyst.trace.decided.checks import Decision, Failed
from qa.analyst.trace.effects import NONE, Effect
from qa.analyst.trace.files import STUDENTS, heading_of
from qa.analyst.trace.guardians import guardians_beside
from qa.analyst.trace.nights import Night
from qa.check_results import CheckResult

_LOADED = {
    "add": "{who} {verb} new in the import of {day}",
    "unknown": "{who} {verb} in the import of {day}",
    "same": "{who} {verb} in the import of {day}, the same as in {before}",
    "update": "{who} {verb} in the import of {day}, changed: {changed}",
    "carried": "{who} {verb} in the import of {day} as last published, because {cause}{since}{fix}",
    "departed": "{who} {verb} in the import of {day} as inactive, because the student is no longer sent"
    "{since}",
    "delete": "{who} {no_longer} in the import of {day}, because {cause}{since}{fix}",
}
_IS = {"verb": "is", "no_longer": "is no longer", "not_": "is not"}
_WOULD_BE = {"verb": "would be", "no_longer": "would no longer be", "not_": "would not be"}
_LEFT_OUT = "{who} {not_} in the import of {day} and was never published, because {cause}{since}{fix}"
_NOT_RECEIVED = "{who} {not_} in the import of {day}, because the student was not received{last}"
_NOT_COMPLETE = "the run of {day} did not receive all students"
_NO_CAUSE = "of what the build decided about the student's records, which is below"
_NOT_SENT = "the student was not received{last}"
_QUARANTINED = "the student's record is quarantined ({why})"
_CAUSE = "{whose} {field} can't be loaded ({reason}; {check_id})"
_CAUSE_OF_CHECK = "of the check {check_id} ({title})"
_UNREADABLE = (
    "records were received whose ids can't be read, and one of them may be this student ({check_id})"
)
_THE_ONE_BEFORE = "the one before"
_DELIVERED = "the one of {day}, which was delivered last"
_SINCE = ", since {day}"
_LAST = "; last received on {day}"
_FIX = ": fix it in {place}"
_STEP = "; next step for {owner}: {step}"
_STEP_OF_ITSELF = "; next step: {step}"
_TWICE = "; the id was received {n} times, and one of the records is used"
_OTHER_ID = {
    "always": "; the server also sends {other}, another id for the import",
    "since": "; since {first} the server sends {other}, another id for the import",
    "until": "; until {last} the server sent {other}, another id for the import",
}
_HELD = "The run of {day} is waiting for a decision; with its load, {sentence}"
_NOT_LOADED = "Nothing from the run of {day} was loaded, because it {ended}; {standing}{but}"
_ENDED = {
    "discarded": "was held and a person discarded it",
    "stopped": "was stopped",
    "failed": "failed",
    "": "has no result yet",
}
_IN_PUBLISHED = "{who} is in the last published import, of {day}"
_INACTIVE_IN_PUBLISHED = _IN_PUBLISHED + ", as inactive"
_NOT_IN_PUBLISHED = "{who} is not in the last published import, of {day}"
_NONE_PUBLISHED = "no import that has {who} was published"
_BUT = "; in this run, {cause}{fix}"
# The District Enrollment of who is no longer a student.
_INACTIVE = "INACTIVE"
_FILE_OF_IDS = "students__student_id__required"
# Who makes the next step, where it is not "the" and the owner.
_OWNERS = {"PowerSchool support": "PowerSchool support"}


@dataclass(frozen=True)
class Told:
    """What a headline is made of.

    Attributes:
        who: the student, as "Student 12345 (Ana Garcia)".
        night: the pinned run.
        nights: all kept runs, the oldest first.
        effect: what the load does with the student.
        failed: the checks that the family's records fail.
        decisions: what the build decided.
        refusing: the check that refuses the student; None where none does, or it is not known.
        quarantined: why none of the student's records is used, as a code; "" where one is.
        guardians: what the load does with each guardian.
        names: of the guardians, by their ids.
    """

    who: str
    night: Night
    nights: Sequence[Night]
    effect: Effect
    failed: Sequence[Failed] = field(default_factory=tuple)
    decisions: Sequence[Decision] = field(default_factory=tuple)
    refusing: CheckResult | None = None
    quarantined: str = ""
    guardians: Sequence[Effect] = field(default_factory=tuple)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def days(self) -> words.Days:
        """Tells the runs of one day apart."""
        return words.Days(one.run_id for one in self.nights)


def headline_of(told: Told) -> str:
    """What happened to a student in a run, in one sentence."""
    return _upper(_became(told)) + "".join(_other_ids(told)) + "."


def refused_by(night: Night, decisions: Sequence[Decision]) -> str:
    """The id of the check that refuses the student; "" where none does."""
    kept = night.file.kept.get((STUDENTS, ""))
    if kept and kept.check_id:
        return kept.check_id
    if night.file.student and not kept:  # of an id that was sent twice, the other record is used
        return ""
    return next((one.check_id for one in decisions if one.file == STUDENTS and one.check_id), "")


def _became(told: Told) -> str:
    night, day = told.night, told.days.of(told.night.run_id)
    if night.is_published:
        return _in_import(told, _IS)
    if night.verdict == "held" and not night.decision:
        return _HELD.format(day=day, sentence=_in_import(told, _WOULD_BE))
    ended = _ENDED.get(night.decision or night.verdict, _ENDED["failed"])
    return _NOT_LOADED.format(day=day, ended=ended, standing=_standing(told), but=_but(told))


def _other_ids(told: Told) -> Iterator[str]:
    """That the server sends the id with other zeros before it, and in which of the nights."""
    received = [night for night in told.nights if night.records or night.other_ids or night.is_complete]
    for other in sorted({one for night in received for one in night.other_ids}):
        nights = [night for night in received if other in night.other_ids]
        is_until = nights[-1] != received[-1]
        when = "until" if is_until else "always" if nights[0] == received[0] else "since"
        first, last = (told.days.of(night.run_id) for night in (nights[0], nights[-1]))
        yield _OTHER_ID[when].format(other=other, first=first, last=last)


def _in_import(told: Told, verbs: Mapping[str, str]) -> str:
    night, effect = told.night, told.effect
    filled = {
        "who": told.who,
        **verbs,
        "day": told.days.of(night.run_id),
        "changed": ", ".join(effect.changed),
        "cause": _cause(told),
        "since": _since(told),
        "fix": _fix(told),
        "last": _last(told),
        "before": _before(told),
    }
    if effect.effect != NONE:
        beside = guardians_beside(effect, told.guardians, told.names, is_done=verbs is _IS)
        return _LOADED[effect.effect].format(**filled) + _twice(told) + beside
    return (_LEFT_OUT if night.records else _NOT_RECEIVED).format(**filled)


def _before(told: Told) -> str:
    night = told.night
    if night.compared_with == night.published:
        return _THE_ONE_BEFORE
    return _DELIVERED.format(day=told.days.of(night.compared_with))


def _twice(told: Told) -> str:
    number = len(told.night.records)
    return _TWICE.format(n=number) if number > 1 and told.effect.now and not told.quarantined else ""


def _standing(told: Told) -> str:
    """Whether the last published import of the runs up to this one has the student."""
    published = told.night.in_published
    if published is None:
        return _NONE_PUBLISHED.format(who=told.who)
    template = _IN_PUBLISHED if published.student else _NOT_IN_PUBLISHED
    if published.student and published.student.get(heading_of(STUDENTS, "enrollment_status")) == _INACTIVE:
        template = _INACTIVE_IN_PUBLISHED
    return template.format(who=told.who, day=told.days.of(told.night.published))


def _but(told: Told) -> str:
    """What would keep the student's record from being loaded in a run that was not loaded anyway."""
    if not told.night.records and told.night.is_complete:
        return _BUT.format(cause=_NOT_SENT.format(last=_last(told)), fix="")
    if told.refusing:
        return _BUT.format(cause=_cause(told), fix=_fix(told))
    return ""


def _cause(told: Told) -> str:
    if not told.night.records and not told.refusing:
        return _NOT_SENT.format(last=_last(told))
    check = told.refusing
    if check is None:
        return (
            _QUARANTINED.format(why=words.lower(words.why(told.quarantined)))
            if told.quarantined
            else _NO_CAUSE
        )
    if check.check_id == _FILE_OF_IDS and not told.night.records:
        return _UNREADABLE.format(check_id=check.check_id)
    found = next(
        (
            one
            for one in told.failed
            if one.check_id == check.check_id and one.entity in ("students", "schools")
        ),
        None,
    )
    if found is None:
        return _CAUSE_OF_CHECK.format(check_id=check.check_id, title=words.lower(check.title))
    return _CAUSE.format(
        whose="the school's" if found.entity == "schools" else "the",
        field=found.field_name,
        reason=words.lower(found.reason),
        check_id=check.check_id,
    )


def _since(told: Told) -> str:
    kept = told.night.file.kept.get((STUDENTS, ""))
    since = kept.since if kept else ""
    since = since or next((one.since for one in told.decisions if one.file == STUDENTS and one.since), "")
    return _SINCE.format(day=told.days.of(since)) if since else ""


def _fix(told: Told) -> str:
    check = told.refusing
    if check is None:
        return ""
    if check.place:
        return _FIX.format(place=check.place)
    if not check.remedy:
        return ""
    step = words.lower(check.remedy[0])
    if check.owner in step:  # as "open a case with PowerSchool support"
        return _STEP_OF_ITSELF.format(step=step)
    return _STEP.format(owner=_OWNERS.get(check.owner, f"the {check.owner}"), step=step)


def _last(told: Told) -> str:
    earlier = [one for one in told.nights if one.records and one.run_id < told.night.run_id]
    return _LAST.format(day=told.days.of(earlier[-1].run_id)) if earlier else ""


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
