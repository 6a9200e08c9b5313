"""What analysts ask, each with the line that answers it: for notebooks, docs/analyst.md and bench/analyst."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Question:
    """A question about a district's data.

    Attributes:
        words: the question.
        line: the Python that answers it, where `d` is the District. {student}, {name}, {born}, {phone},
            {pseudonym}, {before} and {after} stand for what the analyst looks for.
    """

    words: str
    line: str

    @property
    def example(self) -> str:
        """The line with examples of what to look for."""
        return self.line.format_map(EXAMPLES)


EXAMPLES = {
    "student": "12345",
    "name": "garcia mar",
    "born": "2014",
    "phone": "(590) 555-0134",
    "pseudonym": "C-G9BH-22G6",
    "before": "2026-11-24",
    "after": "2026-11-25",
}

QUESTIONS = (
    Question("Which nights are kept, and how did each end?", "d.nights()"),
    Question("What did the server send, endpoint by endpoint?", "d.endpoints()"),
    Question("What does a record look like as received?", 'd.records("Student")'),
    Question("Which labels does an endpoint have, and what is in them?", 'd.labels("Student")'),
    Question("Which labels does nothing read, and which field may they be?", "d.unmapped()"),
    Question("What do I paste into districts.toml to map them?", "d.synonyms()"),
    Question("Which values does a field have?", 'd.values("Student", "grade")'),
    Question("How complete are the records?", "d.completeness()"),
    Question("Who is linked to whom?", "d.links()"),
    Question("Where is this student? I have half a name and a year.", 'd.find("{name}", born="{born}")'),
    Question("Whose phone is this?", 'd.find("{phone}")'),
    Question("What do we have of this student?", 'd.student("{student}")'),
    Question("Why is this student in the import, or not?", 'd.trace("{student}").headline'),
    Question("What happened to this student, from raw to the file, night by night?", 'd.trace("{student}")'),
    Question("What changed since the night before?", "d.compare()"),
    Question("Which students changed, field by field?", 'd.changes("Student")'),
    Question("Which school gained or lost students?", "d.compare().schools"),
    Question("What is wrong tonight, and who fixes it?", "d.findings()"),
    Question("Which records fail a check, with their values?", 'd.failing("students__gender__accepted")'),
    Question("Whose record is the code in support's email?", 'd.who("{pseudonym}")'),
    Question("Which guardians share a phone?", 'd.duplicates("phones")'),
    Question("Which two students may be one?", 'd.duplicates("students")'),
    Question(
        "How many students does each school have?",
        'd.sql("select school_name, count(*) as students from students group by all order by all")',
    ),
    Question(
        "Which labels came or went between two nights?",
        'd.compare("{before}", "{after}").labels',
    ),
)


def questions() -> pd.DataFrame:
    """One row per question: the question and the line that answers it."""
    rows = [{"question": question.words, "line": question.example} for question in QUESTIONS]
    return pd.DataFrame(rows).astype("string")
