"""Small districts and schools, where one family is a large share; and the first load of each size."""

from __future__ import annotations

from bench.load_gate.ordinary.days import day
from bench.load_gate.ordinary.edits import marriages, moves
from bench.load_gate.ordinary.people import (
    arrivals,
    family_leaves,
    guardians_added,
    guardians_entered_anew,
    guardians_removed,
    leavers,
)
from bench.load_gate.situation import Night, ordinary

STUDENTS_ONLY = {"layout": "students_only"}

SITUATIONS = (
    ordinary("a district of 8 loses a family of 3", "8", family_leaves(3)),
    ordinary("a district of 8 gets a family", "8", arrivals(0.3)),
    ordinary("a family moves in a district of 8", "8", moves(0.1)),
    ordinary("a school of 20 loses a family", "20", family_leaves(4)),
    ordinary("a busy day in a school of 20", "20", day(0.2)),
    ordinary("guardians entered again in a school of 20", "20", guardians_entered_anew(0.05)),
    ordinary("a district of 30 loses a family", "30/2", family_leaves(5)),
    ordinary("a busy day in a district of 30", "30", day(0.15)),
    ordinary("two guardians removed in a district of 30", "30", guardians_removed(0.035)),
    ordinary("a busy day in a district of 120", "120", day(0.08)),
    ordinary("a busy week in a district of 120", "120/2", *[day(0.06)] * 5),
    ordinary("guardians added in a district of 120", "120", guardians_added(0.1)),
    ordinary("two families leave a district of 120", "120", family_leaves(3), family_leaves(3)),
    ordinary("marriages in a district of 120", "120", marriages(0.03)),
    ordinary("students only: a busy day", "300", day(0.06), settings=STUDENTS_ONLY),
    ordinary("students only: students gone", "120", leavers(0.03), settings=STUDENTS_ONLY),
    ordinary("first load of the sample", "sample", Night(), is_first=True),
    ordinary("first load of 300 students", "300/5", Night(), is_first=True),
    ordinary("first load of 20 students", "20/2", Night(), is_first=True),
    ordinary("first load of 8 students", "8/2", Night(), is_first=True),
    ordinary("first load of 5,000 students", "5000/2", Night(), is_first=True),
)
