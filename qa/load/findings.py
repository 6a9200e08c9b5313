"""Findings about limits of the load: one for each cause, in the words of what the load would do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from district.folder import MANIFEST, NightFolder
from district.settings import DistrictSettings
from qa.contract_types import Choice
from qa.failing.contract import Finding
from qa.history import DiscardedHold
from qa.load.causes import Cause, causes_of
from qa.load.contract import Hold, Load, SchoolEffect
from qa.load.reasons import STEPS, reasons_of, steps_for
from qa.load.words import sentence

# So much higher may a count be than the one that a person discarded, and still say nothing new.
_SLACK = 1.1
# What stands for the district's key in the fix steps of dbt's yml.
DISTRICT = "<district>"
_RELEASE_ALL = "If so, release all districts that only this rule holds: plus360 release --all --rule {rule}"
# The fix steps of dbt's yml that ask for a decision.
DECIDE = (
    "If the change is intended, the plus360 operator runs plus360 release <district>; else plus360 discard "
    "<district>.",
    "If there is none: compare the counts with the special-programs system, then release.",
)
_NEW_VERSION = "plus360 has another version than in the last published run, and that may be the cause."
_NEW_SETTINGS = "This district's settings changed since the last published run, and that may be the cause."
_TITLED = "{title}. {sentence}"
SENTENCES = (_RELEASE_ALL, _NEW_VERSION, _NEW_SETTINGS, *STEPS.values())


@dataclass(frozen=True)
class Judged:
    """What a run's limits are judged with.

    Attributes:
        district: its key, for the commands that a fix step names.
        discarded: holds that a person discarded since the last release.
        schools_over: rule and school (the district's own code) of each exceeded limit at a school.
        our_changes: what changed on our side since the last published run, in words.
        causes: by file and effect of the load, how many records each cause affects.
        titles: of the check that refuses the records, by the rule that trips because of it.
        again: checks whose records have been kept as last loaded for so long that they are reported as new.
    """

    district: str
    load: Load
    schools: Sequence[SchoolEffect]
    discarded: Sequence[DiscardedHold] = ()
    schools_over: Sequence[tuple[str, str]] = ()
    our_changes: Sequence[str] = ()
    causes: Mapping[tuple[str, str], Sequence[tuple[str, int]]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    again: frozenset[str] = frozenset()


def with_causes(findings: Sequence[Finding], judged: Judged) -> list[Finding]:
    """The findings, those of limits by their cause, the most telling cause first within its level."""
    failed = {finding.id for finding in findings}
    causes = causes_of([hold for hold in judged.load.holds if hold.rule in failed])
    by_rule = {cause.rule: cause for cause in causes}
    spoken_for = {rule for cause in causes for rule in cause.also}
    rank = {cause.rule: place for place, cause in enumerate(causes)}
    told = [
        _of_cause(finding, by_rule[finding.id], judged)
        if finding.id in by_rule
        else finding.model_copy(
            update={"new": finding.new or (finding.id in judged.again and finding.since is not None)}
        )
        for finding in findings
        if finding.id not in spoken_for
    ]
    holds = iter(sorted((one for one in told if one.level == "hold"), key=lambda one: rank.get(one.id, 0)))
    return [next(holds) if finding.level == "hold" else finding for finding in told]


def once_decided(findings: Sequence[Finding], decision: Choice, district: str) -> list[Finding]:
    """The findings after a person decided: no step asks for a decision any more.

    A released limit is no fault, so it has nothing to fix and comes last. A discarded one keeps its other
    steps.
    """
    asked = {step.replace(DISTRICT, district) for step in DECIDE}

    def told(finding: Finding) -> Finding:
        over = asked | {_RELEASE_ALL.format(rule=finding.id)}
        left = [] if decision == "released" else [step for step in finding.remedy if step not in over]
        return finding.model_copy(update={"remedy": left})

    decided = [told(finding) if finding.level == "hold" else finding for finding in findings]
    return sorted(decided, key=lambda one: decision == "released" and one.level == "hold")


def our_changes(
    night: NightFolder, baseline_run_id: str | None, settings: DistrictSettings | None
) -> list[str]:
    """What changed on our side since the last published run, as its manifest says."""
    if baseline_run_id is None:
        return []
    export = night.district.night(baseline_run_id).export
    try:
        manifest = json.loads((export / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    then_version, then_settings = manifest.get("plus360_version"), manifest.get("settings_sha256")
    changes = []
    if then_version not in (None, version("plus360-demographics")):
        changes.append(_NEW_VERSION)
    if settings is not None and then_settings not in (None, settings.sha256):
        changes.append(_NEW_SETTINGS)
    return changes


def _of_cause(finding: Finding, cause: Cause, judged: Judged) -> Finding:
    steps = [step.replace(DISTRICT, judged.district) for step in finding.remedy]
    if finding.level != "hold":
        return finding.model_copy(update={"remedy": steps, "also": cause.also})
    words = sentence(cause.holds[0], judged.load, judged.schools)
    title = judged.titles.get(finding.id)
    notes = [*judged.our_changes, _RELEASE_ALL.format(rule=finding.id)] if judged.our_changes else []
    reasons = reasons_of(cause.holds[0], judged.causes)
    return finding.model_copy(
        update={
            "headline": _TITLED.format(title=title, sentence=words) if title else words,
            "new": _is_new(finding, cause, judged),
            "reasons": reasons,
            "remedy": [*notes, *steps_for(reasons), *steps],
            "also": cause.also,
        }
    )


def _is_new(finding: Finding, cause: Cause, judged: Judged) -> bool:
    """Whether a hold says more than what a person discarded, or, without a decision, than the last runs."""
    if not judged.discarded:
        return finding.new
    rules = {cause.rule, *cause.also}
    discarded = {(hold.rule, hold.scope) for hold in judged.discarded}
    # Of a school it only matters which one it is: whether its number grew would say too much of it.
    schools = {(rule, f"school:{school}") for rule, school in judged.schools_over if rule in rules}
    others = [hold for hold in judged.load.holds if hold.rule in rules - {rule for rule, _ in schools}]
    return not (schools <= discarded and all(_is_known(hold, judged.discarded) for hold in others))


def _is_known(hold: Hold, discarded: Sequence[DiscardedHold]) -> bool:
    return any(
        (hold.rule, hold.scope) == (known.rule, known.scope)
        and (hold.n is None or known.n is None or hold.n <= known.n * _SLACK)
        for known in discarded
    )
