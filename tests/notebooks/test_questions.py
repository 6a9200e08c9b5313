"""Every question that docs/analyst.md lists is answered by its line, as a notebook shows it."""

from __future__ import annotations

import pytest
from IPython.core.formatters import DisplayFormatter

from bench.analyst.examples import examples
from qa.analyst.questions import QUESTIONS
from tests.conftest import PROJECT
from tests.qa.analyst.conftest import workbench_district  # noqa: F401 - the fixture

# The sandbox's district has no such labels; tests/qa/analyst plants some.
MAY_BE_EMPTY = ("d.unmapped()", 'd.compare("{before}", "{after}").labels')
ANALYST = (PROJECT / "docs" / "analyst.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.line)
def test_its_line_answers_it(question, workbench_district):  # noqa: F811 - the fixture
    d = workbench_district.open()
    answer = eval(question.line.format_map(examples(d)), {"d": d})
    shown, _ = DisplayFormatter().format(answer)
    assert len(shown["text/plain"]) > 1
    if hasattr(answer, "columns") and question.line not in MAY_BE_EMPTY:
        assert len(answer) > 0, "an empty table answers nothing"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.line)
def test_the_handbook_has_it(question):
    assert f"| {question.words} | `{question.example}` |" in ANALYST
