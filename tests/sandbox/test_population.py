"""A generated district, compared with what someone who knows real districts would expect."""

import csv
import re
import tracemalloc
import unicodedata
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sandbox import ENDPOINTS, Profile, generated
from sandbox.population.names import BOYS, GIRLS, LAST_NAMES, MEN, WOMEN
from sandbox.population.places import APARTMENTS
from tests.checks_by_hand import failed_by_hand
from tests.records_by_hand import text
from tests.sandbox.client import read

PROJECT = Path(__file__).parents[2]
ALL = Profile()
YEAR = 2025


@pytest.fixture(scope="module")
def district():
    """2,000 students of one school year, every record."""
    return read(generated(students=2_000, seed=5, school_year=YEAR))


@pytest.fixture(scope="module")
def links(district):
    """The links of each student, by type."""
    by_student = defaultdict(lambda: defaultdict(list))
    for link in district["StudentContact"]:
        by_student[text(link, "studentId")][link["contactType"]].append(link)
    return by_student


def fold(name):
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(character for character in plain if not unicodedata.combining(character))


@pytest.mark.parametrize("names", [LAST_NAMES, BOYS, GIRLS, MEN, WOMEN])
def test_no_two_names_of_a_list_differ_by_case_and_accents_only(names):
    assert len({fold(name) for name in names}) == len(names)


@pytest.mark.parametrize("students", [1, 2, 19, 600, 1_793])
def test_a_clean_district_fails_no_check(students):
    source = generated(students=students, seed=students)
    rows = read(source)
    assert len(rows["Student"]) == students
    assert failed_by_hand(rows, datetime.now(UTC).date()) == {}
    assert source.planted() == {}


@pytest.mark.parametrize("checkboxes", [{"include_preregistered": False}, {"include_out_of_district": False}])
def test_no_checkbox_leaves_records_without_their_student(checkboxes):
    rows = read(generated(students=900, seed=2), Profile(**checkboxes))
    assert failed_by_hand(rows, datetime.now(UTC).date()) == {}


def test_the_same_arguments_give_the_same_bytes_and_another_seed_does_not():
    def lines(seed):
        source = generated(students=40, seed=seed, school_year=YEAR)
        return [source.lines(endpoint, 0, 1000, ALL) for endpoint in ENDPOINTS]

    assert lines(3) == lines(3)
    assert lines(3) != lines(4)


def test_all_pages_together_are_the_district(district):
    source = generated(students=2_000, seed=5, school_year=YEAR)
    for endpoint in ENDPOINTS:
        offsets = range(0, source.count(endpoint, ALL) + 333, 333)
        paged = [line for offset in offsets for line in source.lines(endpoint, offset, 333, ALL)]
        assert paged == source.lines(endpoint, 0, 10**6, ALL)
        assert len(paged) == source.count(endpoint, ALL) == len(district[endpoint])


def test_labels_are_exactly_those_the_project_maps(district):
    mapped = defaultdict(dict)
    with (PROJECT / "dbt_project" / "seeds" / "field_labels.csv").open() as lines:
        for line in csv.DictReader(lines):
            mapped[line["endpoint"]].setdefault(line["field"], line["label"])
    for endpoint, records in district.items():
        assert {frozenset(record) for record in records} == {frozenset(records[0])}
        if endpoint != "UDRegUser":
            assert set(records[0]) == set(mapped[endpoint].values())


def test_children_have_the_age_and_the_school_of_their_grade(district):
    kinds = {text(s, "building"): s["buildingType"].strip() for s in district["School"]}
    grades = ["PK", "KF", *(f"{grade:02d}" for grade in range(1, 13))]
    for student in district["Student"]:
        age = (date(YEAR, 9, 1) - date.fromisoformat(student["birthdate"][:10])).days / 365.25
        usual = grades.index(student["grade"]) + 4
        if student["currentStatus"] == "A":
            assert usual <= age < usual + 2.1
        level = "E" if usual <= 10 else "M" if usual <= 13 else "H"
        assert kinds[text(student, "homeBuilding")] == level
        assert kinds[text(student, "building")] in (level, "O")


def test_shares_of_statuses_grades_and_genders_are_realistic(district):
    students = district["Student"]
    statuses = Counter(student["currentStatus"] for student in students)
    assert set(statuses) == {"A", "I", "G", "P"}
    assert statuses["A"] > 0.8 * len(students)
    assert min(Counter(student["grade"] for student in students).values()) > 0.04 * len(students)
    assert 0.4 < sum(student["gender"] == "F" for student in students) / len(students) < 0.6
    outside = {text(s, "building") for s in district["School"] if s["outOfDistrict"] == "Y"}
    assert 0 < sum(text(student, "building") in outside for student in students) < 0.05 * len(students)


def test_siblings_share_guardians_and_home(district, links):
    home = {text(a, "contactId"): (a["streetNumber"], a["streetName"]) for a in district["ContactAddress"]}
    children = defaultdict(set)
    for student, by_type in links.items():
        for link in by_type["G"]:
            children[link["contactId"]].add(student)
    families = [students for students in children.values() if len(students) > 1]
    assert len(families) > 300
    for students in families:
        assert len({home[text(links[student]["P"][0], "contactId")] for student in students}) == 1


def test_some_families_have_two_households(district, links):
    parts = ("streetNumber", "streetName", "apartment")
    home = {a["contactId"]: tuple(a[part] for part in parts) for a in district["ContactAddress"]}
    split = [by for by in links.values() if len({home[link["contactId"]] for link in by["G"]}) > 1]
    assert 0.1 < len(split) / len(links) < 0.35
    assert all({link["livingWith"] for link in by_type["G"]} == {"Y", "N"} for by_type in split)


def test_guardians_are_ordered_by_priority_and_every_student_has_one(links):
    for by_type in links.values():
        assert [int(link["contactPriority"]) for link in by_type["G"]] == list(
            range(1, len(by_type["G"]) + 1)
        )
        assert [len(by_type[kind]) for kind in "PM"] == [1, 1]
    assert Counter(len(by_type["G"]) for by_type in links.values()).keys() >= {1, 2, 3}


def test_one_person_can_have_many_roles(links):
    roles = defaultdict(set)
    for by_type in links.values():
        for kind, of_kind in by_type.items():
            for link in of_kind:
                roles[link["contactId"]].add(kind)
    assert {kind for kinds in roles.values() for kind in kinds} == set("PMGCO")
    assert {frozenset("PM"), frozenset("G"), frozenset("PMG"), frozenset("C"), frozenset("PMC")} <= {
        frozenset(kinds) for kinds in roles.values()
    }


def test_some_students_are_contacts_of_students(district, links):
    names = {text(s, "studentId"): (s["firstName"], s["lastName"]) for s in district["Student"]}
    contacts = {c["contactId"]: (c["firstName"], c["lastName"]) for c in district["Contact"]}
    older = [
        link
        for student, by_type in links.items()
        for link in by_type["C"]
        if link["relationCode"].strip() in ("BROT", "SIST") and contacts[link["contactId"]] in names.values()
    ]
    assert 0 < len(older) < 0.05 * len(names)


def test_phones_have_several_types_and_no_real_owner(district):
    assert {p["phoneType"].strip() for p in district["ContactPhone"]} == {"H", "W", "C"}
    assert all(re.fullmatch(r"[56]9[01][2-9]\d{6}", p["phone"]) for p in district["ContactPhone"])
    by_contact = defaultdict(list)
    for phone in district["ContactPhone"]:
        by_contact[phone["contactId"]].append(int(phone["phonePriority"]))
    assert all(priorities == sorted(set(priorities)) for priorities in by_contact.values())
    assert max(map(len, by_contact.values())) == 3


def test_emails_use_example_domains_and_belong_to_one_person_each(district):
    emails = [contact["email"] for contact in district["Contact"] if contact["email"]]
    assert all(re.fullmatch(r"[a-z]+\.?[a-z]*\d+@example\.(com|org|net)", email) for email in emails)
    assert len(set(emails)) == len(emails)
    assert 0.2 < len(emails) / len(district["Contact"]) < 0.8


def test_addresses_have_apartments_po_boxes_and_both_kinds_of_postal_code(district):
    addresses = district["ContactAddress"]
    assert any(a["complex"] in APARTMENTS and a["apartment"] for a in addresses)
    assert any(a["streetName"].startswith("PO Box") for a in addresses)
    assert {len(text(a, "zip")) for a in addresses} == {5, 9}


def test_names_have_many_origins(district):
    names = {person["lastName"] for person in district["Student"]}
    assert any("-" in name for name in names)
    assert any("'" in name for name in names)
    assert any(not name.isascii() for name in names)
    assert len(names) > 300


def test_values_are_written_as_the_product_writes_them(district):
    student, fields = district["Student"][0], district["UDRegUser"][0]
    assert student["studentId"] == f"{fields['studentId']:<10}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00", student["birthdate"])
    assert {type(s["building"]) for s in district["Student"]} == {int, str}
    assert {s["hasIep"] for s in district["Student"]} == {"Y", "N"}
    assert not any(value is None for records in district.values() for r in records for value in r.values())


def test_a_million_students_are_served_without_keeping_them_in_memory():
    tracemalloc.start()
    try:
        source = generated(students=1_000_000, seed=1)
        counts = {endpoint: source.count(endpoint, ALL) for endpoint in ENDPOINTS}
        pages = {
            endpoint: source.lines(endpoint, 900_000 if endpoint != "School" else 1_000, 1_000, ALL)
            for endpoint in ENDPOINTS
        }
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40_000_000
    assert counts["Student"] == counts["UDRegUser"] == 1_000_000
    assert min(counts[name] for name in ENDPOINTS if name != "School") >= 1_000_000
    assert all(len(page) == 1_000 for name, page in pages.items() if name != "School")
    assert len(source.lines("Student", 999_990, 1_000, ALL)) == 10


def test_students_are_unique_far_apart_too():
    source = generated(students=1_000_000, seed=1)
    students = [
        student
        for offset in range(0, 1_000_000, 50_000)
        for student in read(source, ALL, "Student", offset, 200)
    ]
    assert len({student["studentId"] for student in students}) == len(students)
    assert len({student["stateReportId"] for student in students}) == len(students)


@pytest.mark.parametrize("students", [0, 1_000_001])
def test_other_sizes_are_rejected(students):
    with pytest.raises(ValueError, match="1 to 1000000"):
        generated(students=students)


def test_no_value_has_a_line_break_or_a_double_space(district):
    values = (v for records in district.values() for r in records for v in r.values() if isinstance(v, str))
    assert not [value for value in values if re.search(r"[\n\r\t]|\S  +\S", value)]
