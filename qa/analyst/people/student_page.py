"""A student as text, and as HTML that needs no script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from jinja2 import Environment, FileSystemLoader

from qa.analyst.visible import cut, visible

if TYPE_CHECKING:
    from qa.analyst.people.student import Student

# The parts by their attributes, with their headings; those at the end are folded.
_OPEN = {
    "findings": "What fails",
    "contacts": "Contacts",
    "siblings": "Other students of the guardians",
}
_FOLDED = {
    "record": "Record: as it is used, and as received",
    "phones": "Phones",
    "addresses": "Addresses",
    "school": "School",
    "own_fields": "The district's own fields",
    "in_import": "Row of the import",
}
_NONE = {
    "findings": "No check fails for the student or the contacts.",
    "contacts": "No contact is linked to the student.",
    "siblings": "No other student shares a guardian.",
}
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True, trim_blocks=True
)


def as_html(student: Student) -> str:
    """The student as HTML for a notebook's cell; all text of the district is escaped."""
    return _TEMPLATES.get_template("student.html.j2").render(
        student=student,
        facts=_facts(student),
        shown=[(title, getattr(student, part), _NONE[part]) for part, title in _OPEN.items()],
        folded=[(title, frame) for part, title in _FOLDED.items() if len(frame := getattr(student, part))],
        text=_shown,
        cut=cut,
    )


def as_text(student: Student) -> str:
    """The student as text for a terminal."""
    lines = [cut(f"{student.name} ({student.student_id})"), visible(student.status), *_facts(student)]
    for part, title in (_OPEN | _FOLDED).items():
        frame: pd.DataFrame = getattr(student, part)
        filled = frame.map(_shown)
        shown = filled.to_string(index=False, max_colwidth=60) if len(frame) else _NONE.get(part)
        if shown:
            lines += ["", title, shown]
    return "\n".join(lines)


def text_of(value: object) -> str:
    """A value as text; flags as yes and no, what is missing as nothing."""
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    return ("no", "yes")[bool(value)] if isinstance(value, bool | np.bool_) else str(value)


def _shown(value: object) -> str:
    return cut(text_of(value))


def _facts(student: Student) -> list[str]:
    """Birth date, grade, school and enrollment, as far as they are known."""
    used = dict(student.record.dropna(subset=["field", "value"])[["field", "value"]].astype(object).values)
    school = dict(student.school[["field", "value"]].astype(object).values).get("name", used.get("school_id"))
    facts = {
        "Born": used.get("birth_date"),
        "Grade": used.get("grade"),
        "School": school,
        "Status": used.get("status_code"),
        "State id": used.get("state_student_id"),
    }
    return [f"{name}: {cut(value)}" for name, value in facts.items() if value and not pd.isna(value)]
