"""Documents by hand with every section of the report full; the checks' texts are dbt's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from district.endpoints import ENDPOINTS
from qa.contract import QaDocument
from tests.qa import rich_parts as parts

# What fails in an ordinary district: so many records of how many.
ORDINARY = {
    "students__gender__accepted": (2, 1595),
    "student_contacts__contact_id__exists": (1, 3372),
    "students__birth_date__required": (12, 1595),
    "contact_addresses__postal_code__valid": (4, 1328),
    "contacts__person__duplicated": (46, 1679),
    "student_contacts__priority__plausible": (9, 1307),
    "contact_phones__phone_number__valid": (7, 1712),
    "contacts__email__valid": (86, 1493),
    "students__state_student_id__required": (5, 1595),
    "student_contacts__relation__required": (4, 1307),
    "students__guardian_phone__required": (3, 1595),
    "students__guardian__required": (9, 1595),
    "pull__labels__mapped": (3, 114),
}
_FIELDS = {
    "students": [
        "birth_date",
        "gender",
        "grade",
        "state_student_id",
        "address",
        "guardian",
        "guardian_phone",
    ],
    "guardians": ["relation", "email", "phone", "cell_phone", "address"],
}


def ordinary(schools: int = 8) -> QaDocument:
    """A published run of an ordinary district, with something in every section."""
    delivery = {"state": "delivered", "at": parts.STARTED + timedelta(seconds=9), "outcome": "delivered"}
    return document(schools, ORDINARY, delivery=delivery)


def everything_fails(schools: int = 80) -> QaDocument:
    """A stopped run of a large district in which every check fails."""
    failing = {check["id"]: (4321, 98765) for check in parts.checks()}
    return document(schools, failing, verdict="stopped", headline="Stopped: ContactPhone is not subscribed.")


def held(schools: int = 8) -> QaDocument:
    """A run that waits for a decision: it would delete many guardians."""
    headline = "Held: this load would delete 412 of 2,302 guardians, most of them at school 108."
    failing = {"load__guardians__deleted": (412, 2302), "load__schools__concentrated": (1, 8)} | ORDINARY
    document_ = document(schools, failing, verdict="held", headline=headline, next_step="decide")
    load = document_.load
    assert load is not None and load.guardians is not None
    holds = [
        {
            "rule": "load__guardians__deleted",
            "scope": "district",
            "n": 412,
            "of": 2302,
            "share": 0.179,
            "limit": 0.1,
            "floor": 10,
            "level": "hold",
        },
        {
            "rule": "load__schools__concentrated",
            "scope": "school:108",
            "n": None,
            "of": None,
            "n_from": None,
            "file": "guardians.csv",
            "share": None,
            "limit": 0.3,
            "floor": 10,
            "level": "hold",
        },
    ]
    changed = load.model_dump() | {
        "holds": holds,
        "guardians": load.guardians.model_dump() | {"delete": 412, "same": 1856, "now": 1905},
        "most_at": [{"file": "guardians.csv", "effect": "delete", "school": "108"}],
    }
    return QaDocument.model_validate(document_.model_dump(by_alias=True) | {"load": changed})


def discarded(schools: int = 8) -> QaDocument:
    """The same once a person has discarded it."""
    decision = {"decision": "discarded", "decided_at": parts.STARTED + timedelta(hours=6)}
    headline = "Discarded: this load would have deleted 412 of 2,302 guardians, most of them at school 108."
    changes = {"decision": decision, "headline": headline, "next_step": "fix"}
    return QaDocument.model_validate(held(schools).model_dump(by_alias=True) | changes)


def document(
    schools: int,
    failing: dict[str, tuple[int, int]],
    *,
    verdict: str = "published",
    headline: str = "Published: 4 students added, 6 changed, none removed.",
    **changes: Any,
) -> QaDocument:
    """A document with all sections; `failing` has failed and total by the check's id."""
    checks = [parts.check(check, failing) for check in parts.checks()]
    findings = [parts.finding(check, schools, failing) for check in parts.checks() if check["id"] in failing]
    findings.sort(key=lambda one: ["stop", "hold", "error", "warn"].index(one["level"]))
    school_codes = [str(101 + 7 * n) for n in range(schools)]
    values = {
        "schema": 3,
        "district": "maple-grove",
        "district_name": "Maple Grove School District",
        "run_id": "20261127T082006308Z",
        "started_at": parts.STARTED,
        "finished_at": parts.STARTED + timedelta(seconds=6),
        "verdict": verdict,
        "headline": headline,
        "verdict_reason": headline,
        "verdict_since": parts.STARTED - timedelta(days=2),
        "next_step": "fix" if findings else "nothing",
        "next_owner": findings[0]["owner"] if findings else None,
        "fix_first": findings[0]["id"] if findings else None,
        "decision": None,
        "last_good": {"run_id": "20261125T081942111Z", "started_at": parts.STARTED - timedelta(days=2)},
        "load": parts.load(),
        "load_schools": parts.load_schools(school_codes),
        "carried": [
            {
                "file": "students.csv",
                "effect": "carried",
                "check": "students__birth_date__required",
                "records": 12,
                "since": parts.STARTED - timedelta(days=1),
            },
            {
                "file": "guardians.csv",
                "effect": "departed",
                "check": None,
                "records": 2,
                "since": parts.STARTED,
            },
        ],
        "counts": {"students": 1595, "contacts": 1493, "import_students": 1598, "import_guardians": 2309},
        "pulls": [parts.pull(endpoint.name, n, verdict) for n, endpoint in enumerate(ENDPOINTS)],
        "completeness": [
            {"group": group, "field": field, "total": total, "filled": total - (n * n * 17 if n else 0)}
            for group, total in (("students", 1595), ("guardians", 2309))
            for n, field in enumerate(_FIELDS[group])
        ],
        "school_completeness": [
            {
                "school": code,
                "group": group,
                "filled": None
                if n % 8 == 6
                else {
                    field: max(0, 95 - 5 * ((n * at * at) % 23)) if n % 3 else 95 - 5 * (at % 3)
                    for at, field in enumerate(_FIELDS[group])
                },
            }
            for n, code in enumerate(school_codes)
            for group in _FIELDS
        ],
        "guardians_per_student": [
            {"guardians": n, "students": students} for n, students in enumerate((9, 412, 1080, 71, 23))
        ],
        "labels": list(parts.labels()),
        "own_fields": [
            {
                "number": n,
                "shape": ("code", "flag", "text", "date")[n % 4],
                "filled": (n * 25) % 100,
                "first_seen": parts.STARTED - timedelta(days=9),
                "new": n == 3,
            }
            for n in range(1, 24)
        ],
        "checks": checks,
        "findings": findings,
        "resolved": ["contacts__last_name__required", "students__name__characters"],
        "nights": [parts.night(n, failing, verdict) for n in range(14)],
        "run": {
            "versions": {"python": "3.11.7", "plus360-demographics": "0.1.0", "duckdb": "2.0.0"},
            "checks_sha256": "3e" * 32,
            "scan": {"columns": 406, "values": 10983},
            "detail_withheld": False,
        },
    }
    return QaDocument.model_validate(values | changes)


def empty(
    verdict: str = "failed", headline: str = "Failed: the server did not answer (Student)."
) -> QaDocument:
    """The first run of a district, of which nothing is known."""
    nights = [{"date": parts.day(n), "run_id": None, "verdict": None} for n in range(14)]
    nights[-1] |= {"run_id": "20261127T082006308Z", "verdict": verdict}
    return document(
        0,
        {},
        verdict=verdict,
        headline=headline,
        load=None,
        checks=[],
        findings=[],
        last_good=None,
        **parts.NOTHING_KNOWN,
        nights=nights,
        next_step="run_again",
        next_owner="plus360 operator",
        fix_first=None,
    )
