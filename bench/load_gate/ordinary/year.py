"""The school year: month ends, semesters, graduation, the summer rollover, schools that open and close."""

from __future__ import annotations

from collections import Counter
from random import Random

from bench.load_gate.ordinary.edits import moves, phones, transfers
from bench.load_gate.ordinary.people import arrivals, leavers, leavers_by_status
from bench.load_gate.rows import Records, active, drop, in_turn, key
from bench.load_gate.situation import Night, ordinary, with_release

SUMMER = "2026-07-01"
GRADES = (*("EE", "P3", "P4", "PK"), "KF", *(f"{grade:02}" for grade in range(1, 13)))
KINDERGARTEN = GRADES.index("KF")


def grades_one_step_up(records: Records, rng: Random) -> None:
    """Everyone enters the next grade, some at the next school. Seniors graduate; kindergarten is new."""
    schools: dict[str, Counter[object]] = {grade: Counter() for grade in GRADES}
    for student in active(records):
        schools.setdefault(student["grade"], Counter())[student["building"]] += 1
    beginners = [student for student in active(records) if student["grade"] == "KF"]
    for student in active(records):
        grade = student["grade"]
        if grade == "12":
            student["currentStatus"] = "G"
        elif grade in GRADES:
            following = GRADES[max(GRADES.index(grade) + 1, KINDERGARTEN)]
            student["grade"] = following
            if schools[following] and student["building"] not in schools[following]:
                student["building"] = schools[following].most_common(1)[0][0]
    share = len(beginners) / max(1, len(active(records)))
    arrivals(share, grade="KF", birthdate="2021-02-03T00:00:00")(records, rng)


def seniors_graduate(records: Records, rng: Random) -> None:
    for student in active(records):
        if student["grade"] == "12":
            student["currentStatus"] = "G"


def students_by_school(records: Records) -> list[str]:
    """Schools of the district, the smallest first."""
    counted = Counter(key(student["building"]) for student in active(records))
    own = {key(row["building"]) for row in records["School"] if row["outOfDistrict"] != "Y"}
    return [school for school, _ in reversed(counted.most_common()) if school in own]


def school_closes(records: Records, rng: Random) -> None:
    """The smallest school closes: its students change to the next one, and its row goes."""
    closing, other = students_by_school(records)[:2]
    for student in records["Student"]:
        if key(student["building"]) == closing:
            student["building"] = other
    drop(records, "School", [row for row in records["School"] if key(row["building"]) == closing])


def school_closes_and_families_leave(records: Records, rng: Random) -> None:
    """A charter school gives up: half of its students leave the district."""
    closing = students_by_school(records)[0]
    students = [student for student in active(records) if key(student["building"]) == closing]
    for student in students[::2]:
        student["currentStatus"] = "T"
    school_closes(records, rng)


def school_renamed(records: Records, rng: Random) -> None:
    records["School"][0]["name"] = "Rosa Parks Elementary School"


def school_opens(records: Records, rng: Random) -> None:
    """One in ten of the largest school changes to a new one."""
    largest = students_by_school(records)[-1]
    school = next(row for row in records["School"] if key(row["building"]) == largest)
    opened = {"building": 777, "name": "Juniper Hill School", "stateCodeEquiv": "109777"}
    records["School"].append(school | opened)
    for student in active(records):
        if key(student["building"]) == largest and rng.random() < 0.1:
            student["building"] = 777


month_end = in_turn(leavers(0.015), arrivals(0.02), moves(0.04), phones(0.03), transfers(0.01))
semester = in_turn(leavers_by_status(0.02), leavers(0.01), arrivals(0.05), transfers(0.03), moves(0.04))

SITUATIONS = (
    ordinary("end of the month", "sample", month_end),
    ordinary("end of the month in a district of 300", "300", month_end),
    ordinary("end of the month in a district of 1,000", "1000/2", month_end),
    ordinary("a new semester", "sample", semester),
    ordinary("a new semester in a district of 300", "300/2", semester),
    ordinary("the district grows by 10%", "sample", arrivals(0.1)),
    ordinary("rollover in its window", "1000", grades_one_step_up, starts=SUMMER),
    ordinary("rollover in a district of 120", "120", grades_one_step_up, starts=SUMMER),
    ordinary(
        "rollover, and one in ten leaves", "1000", in_turn(grades_one_step_up, leavers(0.1)), starts=SUMMER
    ),
    ordinary("rollover of the sample", "sample", grades_one_step_up, starts=SUMMER),
    ordinary("a night after the rollover", "300", grades_one_step_up, Night(month_end), starts=SUMMER),
    ordinary("seniors graduate in June", "1000", seniors_graduate, starts="2026-06-17"),
    with_release("seniors graduate in May", "1000", seniors_graduate, starts="2026-05-28"),
    with_release("a school closes, its students change", "1000", school_closes),
    with_release("a school closes, half of it leaves", "1000", school_closes_and_families_leave),
    ordinary("a school is renamed", "sample", school_renamed),
    ordinary("a new school opens", "1000", school_opens),
)
