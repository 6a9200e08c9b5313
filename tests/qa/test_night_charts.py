"""The chart of students and guardians draws no line where there was no import, and no mark over another."""

from __future__ import annotations

from datetime import timedelta

from qa.contract import QaDocument
from qa.report.sections import Sections
from qa.report.tables.night_charts import Line, published_chart
from tests.qa import rich_document


def lines_of(document: QaDocument) -> tuple[Line, Line]:
    chart = published_chart(document)
    assert chart is not None
    students, guardians = chart.lines
    return students, guardians


def with_numbers(students: int, guardians: int) -> QaDocument:
    """A held run whose load would have so many records."""
    document = rich_document.held()
    nights = [night.model_dump() for night in document.nights]
    for file, now in (("students", students), ("guardians", guardians)):
        nights[-1][file] |= {"now": now}
    return QaDocument.model_validate(document.model_dump(by_alias=True) | {"nights": nights})


def test_a_night_without_an_import_is_a_gap() -> None:
    document = rich_document.ordinary()
    days = {night.date for night in document.nights if night.students is None}
    assert days
    for line in lines_of(document):
        assert line.segments
        for before, after in line.segments:
            between = range(1, (after.day - before.day).days)
            assert not days & {before.day + timedelta(days=number) for number in between}


def test_a_night_in_which_no_run_was_due_is_no_gap() -> None:
    document = rich_document.ordinary()
    nights = [night.model_dump() for night in document.nights]
    for number in (5, 6):
        nights[number] = {"date": nights[number]["date"], "due": False, "run_id": None, "verdict": None}
    free = QaDocument.model_validate(document.model_dump(by_alias=True) | {"nights": nights})
    first, last = document.nights[5].date, document.nights[6].date
    for line in lines_of(free):
        assert any(before.day < first and last < after.day for before, after in line.segments)
    assert "no run was due" in Sections(free, "0" * 64).html("changes")


def test_two_marks_and_two_labels_at_one_height_stand_apart() -> None:
    for numbers in ((698, 696), (0, 0), (2000, 2000)):
        students, guardians = lines_of(with_numbers(*numbers))
        assert abs(students.points[-1].x - guardians.points[-1].x) >= 8
        assert abs(students.label_y - guardians.label_y) >= 13
        assert max(students.label_y, guardians.label_y) <= 104, "above the days"
