"""What analysts ask, each with the line that answers it: for notebooks, docs/analyst.md and bench/analyst."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from qa.analyst import overview
from qa.analyst.reader import Reader, query


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
        """The line with examples of what to look for: those of the demo."""
        return self.line.format_map(EXAMPLES)


# The demo's maple-grove has this student, this name and this phone; codes and nights are others in each demo.
EXAMPLES = {
    "student": "200353",
    "name": "garcia nat",
    "born": "2014",
    "phone": "(590) 224-6862",
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
    Question("Which guardians or other contacts share a phone?", 'd.duplicates("phones")'),
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


def questions(reader: Reader | None = None) -> pd.DataFrame:
    """One row per question: the question and the line that answers it.

    Args:
        reader: the run whose people, codes and runs the lines look for; those of the demo if none is given.
    """
    known = {**EXAMPLES, **(_known(reader) if reader else {})}
    rows = [{"question": question.words, "line": question.line.format_map(known)} for question in QUESTIONS]
    return pd.DataFrame(rows).astype("string")


def _known(reader: Reader) -> Mapping[str, str]:
    """What there is to look for in the district, as it stands between the quotes of a line."""
    runs = overview.nights(reader)["run_id"].tolist()
    known = {"after": runs[0], "before": runs[1]} if len(runs) > 1 else {}
    found = reader.frame(query("question_examples")) if reader.built else pd.DataFrame()
    known |= {str(name): str(found[name][0]) for name in found if found[name].notna().any()}
    return {name: json.dumps(value, ensure_ascii=False)[1:-1] for name, value in known.items()}
