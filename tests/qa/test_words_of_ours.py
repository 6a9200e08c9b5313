"""A district in which every word of the report is a name somewhere: its report is as full as any other's.

Children are called May and Will, and a district calls a field Grade. What the report says in its own words
stands in whole sentences and cells that are known to the scan, so it says it whatever the people are called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path, PurePath

import pytest

import night.headline
from qa.contract import QaDocument
from qa.redaction.allowed_text import AllowedText
from qa.redaction.scan import Scanner
from qa.redaction.strike_out import tokens_left
from qa.redaction.tokens import is_searchable
from qa.redaction.withhold import least
from qa.report.render import render_report
from qa.report.sections import Sections
from qa.report.styles import PAGE_STYLES
from tests.qa import rich_document
from tests.qa.conftest import (
    BIRTH_DATE,
    EMAIL,
    GUARDIAN,
    SCHOOL_STATE_ID,
    DistrictFolder,
    Failing,
    Records,
    States,
)

OURS = ("None", "Grade", "Held", "Published", "Fix", "Unknown", "May", "Will", "Student", "Guardian", "Email")
# So many fields does the district define, in a run with ordinary names as well.
OTHERS = tuple(f"Zwofield {number}" for number in range(len(OURS)))
# What a person, an address or a school is called. Schools come last: the scan takes their names for public.
NAMED = {
    "Student": ("firstName", "lastName"),
    "Contact": ("firstName", "lastName"),
    "ContactAddress": ("streetName", "city"),
    "UDRegUser": ("meals",),
    "School": ("name",),
}


@dataclass(frozen=True)
class Shared:
    """What is shared of a run."""

    document: QaDocument
    page: str

    def words(self) -> list[str]:
        """Every word that a reader sees, or that a program reads; JSON's null is never a name."""
        seen = re.sub(r"<style>.*?</style>|<[^>]*>", " ", self.page, flags=re.DOTALL)
        return sorted({*re.findall(r"[A-Za-z]{2,}", seen + self.document.to_json())} - {"null"})

    def told(self) -> list[tuple[object, ...]]:
        """What a finding says, without the pseudonyms of its examples."""
        return [
            (one.id, one.headline, one.why, one.remedy, one.reasons, one.also, len(one.examples))
            for one in self.document.findings
        ]


def run_of(district: DistrictFolder, failing: Failing, states: States) -> Shared:
    document = district.night(failing=failing, states=states)
    return Shared(document, render_report(district.folder(document.run_id)).read_text())


def with_own_fields(records: Records, fields: tuple[str, ...]) -> None:
    """Let the district define fields, each with a value that is like its name."""
    for record in records["UDRegUser"]:
        record.update(zip(fields, fields[1:] + fields[:1], strict=True))


def named_like(records: Records, words: list[str]) -> None:
    """Give everyone and everything a name of these words, each word at least once."""
    names = cycle(words)
    places = [(record, field) for endpoint, fields in NAMED.items() for record in records[endpoint]
              for field in fields]  # fmt: skip
    assert len(places) >= len(words)
    for record, field in places:
        record[field] = next(names)


@pytest.mark.parametrize(
    ("failing", "states"),
    [
        ({BIRTH_DATE: 12, GUARDIAN: 3, EMAIL: 30, SCHOOL_STATE_ID: 1}, {}),
        ({}, {"StudentContact": ("refused", 403), "ContactPhone": ("unreconciled", 200)}),
    ],
    ids=["published", "stopped"],
)
def test_names_that_are_words_of_the_report_cost_no_detail(
    tmp_path: Path, new_district: Callable[..., DistrictFolder], failing: Failing, states: States
) -> None:
    ordinary = new_district(tmp_path / "ordinary")
    with_own_fields(ordinary.records, OTHERS)
    usual = run_of(ordinary, failing, states)

    hostile = new_district(tmp_path / "hostile")
    with_own_fields(hostile.records, OURS)
    words = [*OURS, *usual.words()]
    named_like(hostile.records, words)
    found = run_of(hostile, failing, states)

    with Scanner(hostile.folder()) as scanner:
        values = {value.casefold() for value in scanner.values()}
    assert {word.casefold() for word in words} <= values, "every word is a personal value of this district"
    assert not found.document.run.detail_withheld
    assert "is withheld" not in found.page
    assert not hostile.folder().withheld.exists()
    # A name that means "not known", as None does, is read as a blank: that is a finding on top.
    expected = usual.told()
    assert [one for one in found.told() if one[0] in {first for first, *_ in expected}] == expected


def with_all_kinds_of_findings(document: QaDocument) -> QaDocument:
    """The document with findings that block one check, or several, or are not shown by school."""
    first, second, third, *others = document.findings
    checks = [check.id for check in document.checks]
    changed = [
        first.model_copy(update={"blocks": checks[:1], "also": checks[1:2]}),
        second.model_copy(update={"blocks": checks[:3], "also": checks[3:5]}),
        third.model_copy(update={"schools": [], "schools_withheld": True}),
    ]
    return document.model_copy(update={"findings": [*changed, *others]})


def of_few(document: QaDocument) -> QaDocument:
    """The document of a district with so few people that nothing is counted."""
    scan = document.run.scan.model_copy(update={"values": None})
    hidden = {"failed": None, "total": None, "since": None, "nights": None, "new": False, "examples": []}
    none = {"now": None, "before": None}
    load = document.load
    assert load
    return document.model_copy(
        update={
            "run": document.run.model_copy(update={"scan": scan}),
            "findings": [one.model_copy(update=hidden) for one in document.findings],
            "load": load.model_copy(update={"students": load.students.model_copy(update=none)}),
        }
    )


DOCUMENTS = {
    "ordinary": rich_document.ordinary(),
    "all kinds of findings": with_all_kinds_of_findings(rich_document.ordinary()),
    "everything fails": rich_document.everything_fails(schools=8),
    "held": rich_document.held(),
    "discarded": rich_document.discarded(),
    "few": of_few(rich_document.ordinary()),
    "nothing received": rich_document.empty(),
    "withheld": least(rich_document.held()),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_whatever_the_templates_say_is_known_to_the_scan(kind: str) -> None:
    """Two of our words in a row that no template has as one text would be compared with every name."""
    document = DOCUMENTS[kind]
    page = Sections(document, "").page("report", PAGE_STYLES)
    said_by_hand = {*texts_of(document.model_dump()), "report"}
    allowed = AllowedText(document, said_by_hand, night.headline.SENTENCES)
    left = tokens_left(PurePath("report.html"), page, allowed)
    assert not {word for word in left.words if is_searchable(word)}
    assert allowed.allows(night.headline.load_headline(document)), "what night.json and the index say"


def texts_of(node: object) -> Iterator[str]:
    if isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from texts_of(value)
    elif isinstance(node, str):
        yield node
        yield node.partition(": ")[0]  # the title, before a finding's numbers
