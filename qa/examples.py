"""The failing records that a finding shows: by pseudonym, by a school's number, by a label that we know."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from qa.check_results import Failure
from qa.failing.contract import Example, Finding, ReasonCount
from qa.redaction.labels import is_known
from qa.redaction.pseudonyms import PERSONAL_KINDS, is_public_school_code

Codes = dict[tuple[str, str], str]


def records_without_a_public_name(failure: Failure) -> list[tuple[str, str]]:
    """The records of a failure that only a pseudonym may stand for."""
    records = []
    if failure.record_key is not None and failure.entity in PERSONAL_KINDS:
        records.append((failure.entity, failure.record_key))
    schools = (failure.school, failure.record_key if failure.entity == "schools" else None)
    return records + [
        ("schools", code) for code in schools if code is not None and not is_public_school_code(code)
    ]


def examples_of(failures: Sequence[Failure], codes: Codes, schools: Collection[str]) -> list[Example]:
    """The examples of a check, each once: two labels of one endpoint that are not ours look the same.

    What fails a check of the load is a file: there is no record to show. The only school that fails a check
    is not named: where its fault refuses all of its students, the load's numbers say how many it has.

    Args:
        failures: up to five.
        codes: the pseudonyms of records_without_a_public_name.
        schools: those that may be named, as the finding shows how many of its records each has.
    """
    return list(
        dict.fromkeys(
            _example(failure, codes, schools)
            for failure in failures
            if failure.entity != "load" and not (failure.entity == "schools" and len(failures) == 1)
        )
    )


def with_reasons(findings: Sequence[Finding], reasons: Mapping[str, list[ReasonCount]]) -> list[Finding]:
    """The findings with why their records fail; without it where the records are of few people."""
    return [
        finding
        if finding.failed is None
        else finding.model_copy(update={"reasons": reasons.get(finding.id, [])})
        for finding in findings
    ]


def _example(failure: Failure, codes: Codes, schools: Collection[str]) -> Example:
    """A person's record by its pseudonym; a school by its code; a label by its name if we know it."""
    if failure.entity in PERSONAL_KINDS:
        return Example(
            pseudonym=codes.get((failure.entity, failure.record_key or "")),
            school=school_code(failure.school, codes) if failure.school in schools else None,
            field=failure.field,
            reason=failure.reason,
        )
    if failure.entity == "schools":
        return Example(
            subject=school_code(failure.record_key, codes), field=failure.field, reason=failure.reason
        )
    endpoint, _, label = (failure.field or "").partition(".")
    subject = f"{endpoint}.{label}" if is_known(endpoint, label) else endpoint
    return Example(subject=subject or None, reason=failure.reason)


def school_code(code: str | None, codes: Codes) -> str | None:
    """A school's code where it is a number, and else its pseudonym."""
    if code is None or is_public_school_code(code):
        return code
    return codes["schools", code]
