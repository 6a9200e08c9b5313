"""Every question that docs/analyst.md lists is answered by its line, as a notebook shows it."""

from __future__ import annotations

import json
import re

import pytest
from IPython.core.formatters import DisplayFormatter

from qa.analyst.jupyter import questions
from qa.analyst.questions import EXAMPLES, QUESTIONS
from sandbox import Profile
from sandbox.demo_districts import DISTRICTS
from tests.conftest import PROJECT
from tests.qa.analyst.conftest import workbench_district  # noqa: F401 - the fixture

# The sandbox's district has no such labels; tests/qa/analyst plants some.
MAY_BE_EMPTY = ("d.unmapped()", 'd.compare("{before}", "{after}").labels')
ANALYST = (PROJECT / "docs" / "analyst.md").read_text(encoding="utf-8")
SHOWN = ("README.md", "docs/analyst.md", "notebooks/explore.ipynb")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.line)
def test_its_line_answers_it(question, workbench_district):  # noqa: F811 - the fixture
    d = workbench_district.open()
    answer = eval(d.questions()["line"][QUESTIONS.index(question)], {"d": d})
    shown, _ = DisplayFormatter().format(answer)
    assert len(shown["text/plain"]) > 1
    if hasattr(answer, "columns") and question.line not in MAY_BE_EMPTY:
        assert len(answer) > 0, "an empty table answers nothing"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.line)
def test_the_handbook_has_it(question):
    assert f"| {question.words} | `{question.example}` |" in ANALYST


def test_without_a_district_the_lines_are_the_handbooks():
    assert questions()["line"].tolist() == [question.example for question in QUESTIONS]


def demo(endpoint: str) -> list[dict[str, object]]:
    lines = DISTRICTS["maple-grove"].source().lines(endpoint, 0, 10**6, Profile())
    return [json.loads(line) for line in lines]


def test_what_the_examples_look_for_is_in_the_demo():
    assert EXAMPLES["student"] in {str(student["studentId"]).strip() for student in demo("Student")}
    digits = re.sub(r"\D", "", EXAMPLES["phone"])
    assert digits in {str(phone["phone"]).strip() for phone in demo("ContactPhone")}


@pytest.mark.parametrize("document", SHOWN)
def test_whom_a_document_finds_is_in_the_demo(document):
    text = (PROJECT / document).read_text(encoding="utf-8").replace('\\"', '"')
    found = re.findall(r'd\.find\("([a-z ]+)"(?:, born="(\d+)")?\)', text)
    assert found
    for name, born in found:
        last, first = name.split()
        assert any(
            str(student["lastName"]).lower().startswith(last)
            and str(student["firstName"]).lower().startswith(first)
            and str(student["birthdate"]).startswith(born)
            for student in demo("Student")
        ), name
