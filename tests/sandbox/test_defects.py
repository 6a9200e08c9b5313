"""The planted defects are exactly what fails, counted from the records: each alone, and all together."""

from datetime import UTC, datetime

import pytest

from sandbox import ENDPOINTS, Profile, generated
from sandbox.defects.catalog import DEFECTS, SCHOOL_DEFECTS
from sandbox.demo_districts import DISTRICTS
from tests.checks_by_hand import failed_by_hand
from tests.sandbox.client import read

EVERY = [*DEFECTS, *SCHOOL_DEFECTS]
# No check has these names: a missing record shows in the checks of the records that refer to it.
CONSEQUENCES = {"lost_contact", "lost_student"}


def counted_by_hand(rows):
    failed = failed_by_hand(rows, datetime.now(UTC).date())
    (ordinary,) = read(generated(students=1), Profile(), "Student", 0, 1)
    if new := {label for student in rows["Student"] for label in student if label not in ordinary}:
        failed["pull__labels__mapped"] = len(new)
    return {check: {"failed": number} for check, number in sorted(failed.items())}


@pytest.mark.parametrize("defect", EVERY)
def test_a_defect_fails_the_check_it_is_named_for_and_no_other(defect):
    source = generated(students=300, seed=8, defects={defect: 1 if defect in SCHOOL_DEFECTS else 3})
    assert source.planted()
    assert counted_by_hand(read(source)) == source.planted()
    if defect not in CONSEQUENCES:
        assert list(source.planted()) == [defect]
        assert source.planted()[defect]["failed"] >= (1 if defect in SCHOOL_DEFECTS else 3)


def test_defects_planted_together_add_up():
    often = {defect: 1 if defect in SCHOOL_DEFECTS else 3 for defect in EVERY}
    together = generated(students=700, seed=9, defects=often)
    rows = read(together)
    assert counted_by_hand(rows) == together.planted()
    alone = {}
    for defect, times in often.items():
        for check, numbers in generated(students=700, seed=9, defects={defect: times}).planted().items():
            alone[check] = alone.get(check, 0) + numbers["failed"]
    consequences = {"contact_addresses__contact_id__exists", "contact_phones__contact_id__exists"}
    consequences |= {"student_contacts__contact_id__exists", "student_contacts__student_id__exists"}
    for check, numbers in together.planted().items():
        # How many records refer to a missing record depends on the family.
        if check not in consequences:
            assert numbers["failed"] == alone[check]


def test_pages_and_totals_agree_with_defects_too():
    source = generated(students=500, seed=3, defects=dict.fromkeys(DEFECTS, 2))
    for endpoint in ENDPOINTS:
        total = source.count(endpoint, Profile())
        paged = [
            line for offset in range(0, total, 37) for line in source.lines(endpoint, offset, 37, Profile())
        ]
        assert paged == source.lines(endpoint, 0, 10**6, Profile())
        assert len(paged) == total


def test_the_profile_hides_no_defect():
    source = generated(students=800, seed=3, defects=dict.fromkeys(DEFECTS, 3))
    narrow = Profile(include_preregistered=False, include_out_of_district=False)
    assert counted_by_hand(read(source, narrow)) == source.planted()


def test_a_fraction_is_a_share_of_the_records():
    source = generated(students=1_000, seed=3, defects={"students__gender__accepted": 0.02})
    assert source.planted() == {"students__gender__accepted": {"failed": 20}}


def test_a_million_students_can_have_defects():
    source = generated(students=1_000_000, defects={"students__student_id__unique": 40})
    assert source.count("Student", Profile()) == 1_000_040
    assert len(source.lines("Student", 1_000_000, 100, Profile())) == 40


def test_too_many_defects_are_rejected():
    with pytest.raises(ValueError, match="no such defect: students__name__wrong"):
        generated(defects={"students__name__wrong": 1})
    with pytest.raises(ValueError, match="too few families for students__gender__accepted 40 times"):
        generated(students=20, defects={"students__gender__accepted": 40})
    with pytest.raises(ValueError, match="too few schools for schools__name__required"):
        generated(students=20, defects={"schools__name__required": 9})


@pytest.mark.parametrize("key", DISTRICTS)
def test_the_demo_districts_have_the_defects_they_list(key, serve):
    district = DISTRICTS[key]
    source = district.source()
    assert counted_by_hand(read(source)) == source.planted()
    with district.sandbox(district.days()) as sandbox:
        assert sandbox.consumer_key == f"OneRoster_{district.abc.upper()}_123"
        assert sandbox.profile == district.profile
