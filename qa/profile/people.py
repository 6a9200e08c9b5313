"""How complete the records of people are, and how many guardians students have: what qa.json shows of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from district.endpoints import is_few
from qa.profile.contract import Completeness, Group, GuardiansPerStudent, SchoolCompleteness
from qa.profile.rows import FieldRow, Profiles
from qa.redaction.pseudonyms import Pseudonyms, is_public_school_code
from qa.redaction.schools.bands import BAND
from qa.redaction.schools.renewal import Renewal
from qa.redaction.schools.shares import SMALLEST_GROUP, steps_shown
from qa.redaction.suppression import SmallPopulations

MOST_GUARDIANS = 4
# So many records more than the schools that are shown must have: else their sizes could be guessed.
_ROOM = 200


def hides(group: Group, small: SmallPopulations) -> bool:
    """Whether a group of people is too small to be counted."""
    return "students" in small.marts or (group == "guardians" and small.hides_file("guardians.csv"))


def completeness_of(rows: Profiles, small: SmallPopulations) -> list[Completeness]:
    """How many records of each group have a value in each field, in the whole district."""
    totals: dict[tuple[Group, str], tuple[int, int]] = {}
    for row in rows.fields:
        filled, total = totals.get((row.group, row.field), (0, 0))
        totals[row.group, row.field] = (filled + row.filled, total + row.records)
    shown = []
    for (group, name), (filled, total) in totals.items():
        is_hidden = not small.shows_all and (hides(group, small) or is_few(total))
        shown.append(
            Completeness(
                group=group,
                field=name,
                filled=None if is_hidden else filled,
                total=None if is_hidden else total,
            )
        )
    return shown


def school_completeness_of(
    rows: Profiles, pseudonyms: Pseudonyms, small: SmallPopulations, renewal: Renewal
) -> list[SchoolCompleteness]:
    """The same by school, in steps: the fields that give no school's number away, the schools by code."""
    by_group: defaultdict[Group, list[FieldRow]] = defaultdict(list)
    for row in rows.fields:
        if row.school_id is not None and not hides(row.group, small):
            by_group[row.group].append(row)
    words = {row.school_id for its in by_group.values() for row in its if row.school_id}
    named = pseudonyms.of(("schools", word) for word in words if not is_public_school_code(word))
    shown = [
        SchoolCompleteness(
            school=named.get(("schools", school), school),
            group=group,
            filled=filled,
            as_of=renewal.as_of(f"large/{group}"),
        )
        for group, its in by_group.items()
        for school, filled in _steps(group, its, renewal).items()
    ]
    return sorted(shown, key=lambda one: (one.group != "students", len(one.school), one.school))


def _steps(group: Group, rows: Sequence[FieldRow], renewal: Renewal) -> dict[str, dict[str, int] | None]:
    """By school: the step of each field; None where it has too few records. Empty where none is shown."""
    by_field: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    sizes: dict[str, int] = {}
    for row in rows:
        school = row.school_id or ""
        by_field[row.field][school] = (row.filled, row.records)
        sizes[school] = row.records
    were_large = renewal.large_schools(
        f"large/{group}",
        f"{group}.csv",
        lambda: {school: 1 for school, size in sizes.items() if size >= SMALLEST_GROUP},
    )
    large = [school for school in sizes if school in were_large]
    # One that has become much smaller since then: no share of a few people.
    if any(sizes[school] <= SMALLEST_GROUP - BAND for school in large):
        return {}
    if sum(sizes.values()) < SMALLEST_GROUP * len(large) + _ROOM:
        return {}
    steps = {name: steps_shown(schools, large) for name, schools in by_field.items()}
    of_school = {
        school: {name: shown[school] for name, shown in steps.items() if school in shown} for school in large
    }
    if not any(of_school.values()):
        return {}
    return {school: of_school.get(school) for school in sizes}


def guardians_per_student_of(rows: Profiles, small: SmallPopulations) -> list[GuardiansPerStudent]:
    """How many enrolled students have no guardian, one, and so on; nothing without an import."""
    if not rows.guardians:
        return []
    is_hidden = not small.shows_all and (hides("students", small) or is_few(sum(rows.guardians.values())))
    return [
        GuardiansPerStudent(guardians=number, students=None if is_hidden else rows.guardians.get(number, 0))
        for number in range(MOST_GUARDIANS + 1)
    ]
