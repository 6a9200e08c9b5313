"""What qa.json has of a load: nothing of few people, schools in bands of ten, no code that is a word."""

from __future__ import annotations

import pytest

from qa.load.contract import Effects
from qa.load.effects import HoldRow, LoadRows, SchoolRow
from qa.load.redact import load_parts
from qa.load.words import changes
from qa.redaction.schools.renewal import Renewal
from qa.redaction.suppression import EVERYTHING_SHOWN, small_populations

RUN = "20261121T020005123Z"
NONE = dict.fromkeys(Effects.model_fields, 0)

NO_RUN_BEFORE = Renewal(None, RUN)


class NoPseudonyms:
    """Stands for a crosswalk in which every school has the same pseudonym."""

    def of(self, records):
        return dict.fromkeys(records, "B-2222-2222")


def rows(before: int, now: int, schools: list[SchoolRow], holds: list[HoldRow]) -> LoadRows:
    files = ("students.csv", "guardians.csv")
    totals = {file: NONE | {"before": before, "now": now} for file in files}
    for row in schools:
        totals[row.file][row.effect] += row.records
    lasting = dict.fromkeys(files, 5)
    return LoadRows(totals, schools, lasting, [("students.csv", "grade", 3, 0)], holds, [])


def parts(loaded: LoadRows):
    small = small_populations([], {}, {}, loaded, has_baseline=True)
    return load_parts(loaded, RUN, NoPseudonyms(), small, NO_RUN_BEFORE)  # type: ignore[arg-type]


def deleted(school: str, records: int) -> SchoolRow:
    return SchoolRow("guardians.csv", school, "delete", records)


@pytest.mark.parametrize(("before", "now"), [(8, 8), (7, 8), (8, 10), (9, 10), (10, 9), (0, 7)])
def test_a_load_of_few_students_shows_no_number(before, now):
    limit = HoldRow("load__guardians__deleted", None, "district", 5, 8, 0.625, 0.5, 4, "hold")
    shown, schools, _ = parts(rows(before, now, [deleted("1", 12)], [limit]))
    assert {*shown.students.model_dump().values(), *shown.guardians.model_dump().values()} == {None}
    assert (shown.fields[0].overwritten, shown.holds[0].n, shown.holds[0].share, schools) == (
        None,
        None,
        None,
        [],
    )
    assert changes(shown) == (
        "There are fewer than ten students in this load or the last one, so the numbers are not shown."
    )


def test_few_guardians_of_many_students_are_not_counted_and_the_students_are():
    loaded = rows(40, 41, [deleted("1", 12)], [])
    loaded.totals["guardians.csv"].update(before=4, now=3, delete=1)
    shown, schools, _ = parts(loaded)
    assert ({*shown.guardians.model_dump().values()}, schools) == ({None}, [])
    assert shown.students.now == 41
    assert changes(shown).endswith("Guardians: these are few people, so the numbers are not shown.")


def over_the_limit(school: str, n: int, variant: str = "deleted") -> HoldRow:
    floor = 10 if variant == "deleted" else 5
    return HoldRow(
        "load__schools__concentrated", variant, f"school:{school}", n, 2 * n, 0.5, 0.3, floor, "hold"
    )


def test_a_school_is_shown_in_bands_where_the_rest_leaves_all_of_them_possible():
    _, shown, _ = parts(rows(900, 900, [deleted("1", 305), deleted("2", 55), deleted("3", 4)], []))
    assert [(one.school, one.records_from) for one in shown] == [("1", 300), ("2", 50)]
    _, shown, _ = parts(rows(900, 900, [deleted("1", 300), deleted("2", 50), deleted("3", 4)], []))
    assert shown == []


def test_a_limit_names_its_school_where_its_number_is_shown():
    deletions = [deleted("107", 45), deleted("2", 9), deleted("3", 8)]
    shown, *_ = parts(rows(900, 900, deletions, [over_the_limit("107", 45)]))
    assert [(one.scope, one.n, one.n_from, one.share) for one in shown.holds] == [
        ("school:107", None, 40, None)
    ]


@pytest.mark.parametrize("others", [[("2", 9), ("3", 8)], [("2", 1)]])
def test_a_limit_names_no_school_of_10_to_19_and_shows_none(others):
    """Over the limit means 11 or more: nine values of the band."""
    deletions = [deleted("107", 15), *(deleted(*one) for one in others)]
    loaded = rows(900, 900, deletions, [over_the_limit("107", 15)])
    shown, schools, _ = parts(loaded)
    assert [(one.scope, one.n_from) for one in shown.holds] == [("guardians.csv.contact_id", None)]
    assert schools == []


def test_the_school_with_most_of_the_deletions_is_named_where_its_band_would_say_too_much():
    """The demo's second day: the largest of five schools loses nearly all of its guardians."""
    loaded = rows(1302, 696, [deleted("101", 606)], [over_the_limit("101", 606)])
    shown, schools, _ = parts(loaded)
    assert schools == []
    assert [(one.effect, one.school) for one in shown.most_at] == [("delete", "101")]
    assert [(one.scope, one.n, one.n_from, one.file) for one in shown.holds] == [
        ("school:101", None, None, "guardians.csv")
    ]


@pytest.mark.parametrize(
    ("deletions", "limits"),
    [
        ([("1", 100), ("2", 100), ("3", 100)], []),  # none has half of them
        ([("1", 17)], []),  # 9 to 17 would be nine values
        ([("1", 400), ("2", 60)], ["1", "2"]),  # two are over the limit
        ([("1", 400), ("2", 60)], ["2"]),  # the other one is
    ],
)
def test_no_school_is_named_that_has_not_most_or_of_which_that_would_say_too_much(deletions, limits):
    counts = dict(deletions)
    loaded = rows(
        900, 900, [deleted(*one) for one in deletions], [over_the_limit(one, counts[one]) for one in limits]
    )
    shown, schools, _ = parts(loaded)
    assert (schools, shown.most_at) == ([], [])
    assert not any(one.scope.startswith("school") for one in shown.holds)


def test_so_few_deletions_that_a_limit_tells_their_number_are_not_counted():
    shown, *_ = parts(rows(900, 900, [deleted("107", 12)], [over_the_limit("107", 12)]))
    assert shown.guardians.delete is None
    assert shown.students.now == 900


def test_several_schools_over_the_limit_are_one_limit_where_none_is_named():
    limits = [over_the_limit("Hillview", 6, "departed"), over_the_limit("107", 12, "departed")]
    shown, *_ = parts(rows(900, 900, [], limits))
    assert [one.scope for one in shown.holds] == ["students.csv.student_id"]


def test_the_districts_own_edition_names_every_school_by_its_pseudonym():
    loaded = rows(900, 900, [deleted("Hillview", 15)], [over_the_limit("Hillview", 15)])
    shown, schools, _ = load_parts(loaded, RUN, NoPseudonyms(), EVERYTHING_SHOWN, NO_RUN_BEFORE)  # type: ignore[arg-type]
    assert [(one.scope, one.n_from) for one in shown.holds] == [("school:B-2222-2222", 10)]
    assert [(one.school, one.records_from) for one in schools] == [("B-2222-2222", 10)]
