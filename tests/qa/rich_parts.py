"""The parts of the documents by hand: checks with dbt's own texts, findings, loads, labels, nights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import yaml

from tests.conftest import PROJECT

# The parts of a document that say nothing.
NOTHING_KNOWN: dict[str, Any] = {
    "load_schools": [], "carried": [], "counts": {}, "pulls": [], "completeness": [],
    "school_completeness": [], "guardians_per_student": [], "labels": [], "own_fields": [], "resolved": [],
}  # fmt: skip
STARTED = datetime(2026, 11, 27, 8, 20, 6, tzinfo=UTC)
_PLACE = "Registration > Entry & Reports > Student Demographic > {}"
_PLACES = {
    "students": "Registration",
    "contacts": "Contacts",
    "contact_addresses": "Contacts",
    "contact_phones": "Contacts",
    "student_contacts": "Contacts",
    "ud_fields": "Student District Defined",
}


@cache
def checks() -> tuple[dict[str, Any], ...]:
    """All checks as their yml has them, read once: reading takes a second."""
    return tuple(_checks())


def _checks() -> Iterator[dict[str, Any]]:
    for path in sorted((PROJECT / "dbt_project" / "models" / "checks").glob("checks_*.yml")):
        for model in yaml.safe_load(path.read_text())["models"]:
            tests = [
                *model.get("data_tests", []),
                *(t for c in model.get("columns", []) for t in c.get("data_tests", [])),
            ]
            for test in (
                one["no_failures"] for one in tests if isinstance(one, dict) and "no_failures" in one
            ):
                yield {"id": test["name"], **test["config"]["meta"]}


def trend(failed: int, seed: int) -> list[int | None]:
    return [
        None if n in (2, 9) else max(0, failed - (13 - n) * (seed % 4) * max(1, failed // 14))
        for n in range(13)
    ] + [failed]


def check(check: dict[str, Any], failing: dict[str, tuple[int, int]]) -> dict[str, Any]:
    failed, total = failing.get(check["id"], (0, 1595))
    return {
        "id": check["id"],
        "level": check["level"],
        "state": "failed" if failed else "passed",
        "failed": failed,
        "total": total,
        "title": check["title"],
        "population": check["population"],
        "owner": check["owner"],
        "trend": trend(failed, len(check["id"])),
    }


def finding(check: dict[str, Any], schools: int, failing: dict[str, tuple[int, int]]) -> dict[str, Any]:
    failed, total = failing[check["id"]]
    entity = check["id"].split("__")[0]
    tab = _PLACES.get(entity) if check["owner"].startswith("district") else None
    return {
        "id": check["id"],
        "level": check["level"],
        "failed": failed,
        "total": total,
        "population": check["population"],
        "headline": f"{check['title']}: {failed:,} of {total:,} {check['population']}",
        "since": STARTED - timedelta(days=failed % 9),
        "nights": failed % 9 + 1,
        "new": failed % 9 == 0,
        "owner": check["owner"],
        "place": _PLACE.format(tab) if tab else None,
        "why": " ".join(check["why"].split()),
        "remedy": [
            " ".join(step.split()).replace("{ui_path}", _PLACE.format(tab or "Personal"))
            for step in check["remedy"]
        ],
        "trend": trend(failed, len(check["id"])),
        "blocks": [],
        "also": [],
        "reasons": [
            {"reason": "blank", "records": failed - failed // 3},
            {"reason": "not_in_list", "records": failed // 3},
        ]
        if failed > 5
        else [{"reason": "blank", "records": failed}],
        "schools": [
            {"school": str(101 + 7 * n), "records_from": 10 + 10 * (n % 4)}
            for n in range(min(schools, failed // 20))
        ],
        "schools_withheld": 5 < failed < 20,
        "examples": [
            {"pseudonym": f"S-N2X{'ABCDE'[n]}-6CHW", "field": check["id"].split("__")[1], "reason": "blank"}
            for n in range(min(failed, 5))
        ],
    }


def load() -> dict[str, Any]:
    names = (
        "before",
        "add",
        "update",
        "same",
        "carried",
        "departed",
        "delete",
        "moved_in",
        "moved_out",
        "now",
    )
    return {
        "baseline_run_id": "20261125T081942111Z",
        "students": dict(zip(names, (1595, 4, 6, 1575, 12, 1, 0, 0, 0, 1598), strict=True)),
        "guardians": dict(zip(names, (2302, 15, 32, 2260, 0, 2, 8, 0, 0, 2309), strict=True)),
        "fields": [
            {"file": "guardians.csv", "field": field, "overwritten": 31 - 6 * n, "emptied": n}
            for n, field in enumerate(("email", "cell_phone", "street_line", "relation"))
        ],
        "holds": [],
    }


def load_schools(codes: list[str]) -> list[dict[str, Any]]:
    return [
        {"file": "guardians.csv", "school": code, "effect": effect, "records_from": 10}
        for code in codes[: max(4, len(codes) // 2)]
        for effect in ("add", "update")
    ]


def pull(endpoint: str, n: int, verdict: str) -> dict[str, Any]:
    refused = verdict == "stopped" and endpoint == "ContactPhone"
    return {
        "endpoint": endpoint,
        "subscription": f"Get eSchoolPLUS/{endpoint} (v1)",
        "state": "refused" if refused else "complete",
        "rows": 0 if refused else 1595,
        "pages": 2,
        "reported_total": None if refused else 1595,
        "http_status": 403 if refused else 200,
        "seconds": 0.3,
        "retries": n % 2,
        "passes": 1,
        "stripped_labels": [],
        "unrecognized_labels": 0,
        "outcome": "not_subscribed" if refused else "complete",
        "answer": "not subscribed (403)" if refused else "complete",
        "answer_detail": None,
        "last_complete": STARTED - timedelta(days=1) if refused else STARTED,
    }


def labels() -> Iterator[dict[str, Any]]:
    seen = {"first_seen": STARTED - timedelta(days=9)}
    for n in range(3):
        yield {
            "endpoint": "Contact",
            "label": None,
            "number": n + 4,
            "field": None,
            "state": "unmapped",
            "filled": 35 * n,
            "new": n == 1,
            **seen,
        }
    for n in range(60):
        yield {
            "endpoint": ("Contact", "Student")[n % 2],
            "label": f"label{n}",
            "number": None,
            "field": "first_name",
            "state": "mapped",
            "filled": 5 * (n % 20),
            "new": False,
            **seen,
        }
    for endpoint, label in (
        ("Student", "homeLanguage"),
        ("Student", "middleName"),
        ("ContactPhone", "phonePriority"),
    ):
        yield {
            "endpoint": endpoint,
            "label": label,
            "number": None,
            "field": None,
            "state": "never_sent",
            "filled": None,
            "first_seen": None,
            "new": False,
        }


def night(n: int, failing: dict[str, tuple[int, int]], verdict: str) -> dict[str, Any]:
    if n in (2, 9):
        return {"date": day(n), "run_id": None, "verdict": None}
    names = ("add", "update", "carried", "departed", "delete", "now")
    levels = {one["id"]: one["level"] for one in checks()}
    counts = {
        level: sum(levels[one] == level for one in failing) for level in ("stop", "hold", "error", "warn")
    }
    held = n == 6
    return {
        "date": day(n),
        "run_id": f"202611{14 + n}T082006308Z",
        "verdict": verdict if n == 13 else "held" if held else "published",
        "failed": counts | {"warn": counts["warn"] + (13 - n) % 5, "hold": int(held)},
        "students": dict(zip(names, (n, 6, 12, 1, 0, 1560 + 3 * n), strict=True)),
        "guardians": dict(
            zip(names, (15, 30 + n, 0, 2, 412 if held else 8, 1890 if held else 2280 + 2 * n), strict=True)
        ),
    }


def day(n: int) -> date:
    return (STARTED - timedelta(days=13 - n)).date()
