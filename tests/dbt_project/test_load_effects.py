"""What a load would do downstream: harmful second nights trip their rule, ordinary ones trip none."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.dbt_project.districts import District
from tests.shared_between_workers import copy_of

Rows = dict[str, list[dict[str, Any]]]
Damage = Callable[[Rows], None]
Holds = dict[tuple[str, str], int]

# The models that judge a load, what they read, and the test that their effects add up.
EFFECTS = (
    *("build", "--select", "+load_holds", "load_adds_up"),
    *("--indirect-selection", "empty", "--exclude-resource-type", "unit_test"),
)


@pytest.fixture(scope="module")
def sample(grand_bend_records: Path) -> Rows:
    return {
        path.stem: [json.loads(line) for line in path.read_bytes().splitlines()]
        for path in grand_bend_records.glob("*.ndjson")
    }


@pytest.fixture(scope="module")
def published(grand_bend: District, tmp_path_factory: pytest.TempPathFactory) -> District:
    """The public sample, published; every night of this module is compared with it."""
    district = District(copy_of(grand_bend.directory, tmp_path_factory.mktemp("published")))
    assert district.query("from load_effects.load_holds") == []
    return district.publish()


def holds_of(published: District, sample: Rows, change: Damage, day: int) -> Holds:
    """What a changed night trips: {(rule, scope): n}. Its effects add up."""
    rows = copy.deepcopy(sample)
    change(rows)
    run_id = f"202612{day:02}T020005123Z"
    published.land(rows, run_id).build(*EFFECTS, run_id=run_id)
    written = json.loads((published.directory / "build" / "target" / "run_results.json").read_text())
    results = {one["unique_id"].split(".")[-1]: one["status"] for one in written["results"]}
    assert results["load_adds_up"] == "pass"
    found = published.query("select rule, scope, n from load_effects.load_holds")
    return {(rule, scope): n for rule, scope, n in found}


def guardians(rows: Rows) -> list[dict[str, Any]]:
    return [link for link in rows["StudentContact"] if link["contactType"] == "G"]


def all_guardians_become_contacts_of_children_of_one_age(rows: Rows) -> None:
    for link in guardians(rows):
        link["contactType"] = "C"
    for student in rows["Student"]:
        student["birthdate"] = "2010-01-01T00:00:00"


def contacts_get_new_ids_and_students_swapped_names(rows: Rows) -> None:
    for endpoint in ("Contact", "ContactAddress", "ContactPhone", "StudentContact"):
        for record in rows[endpoint]:
            record["contactId"] = int(record["contactId"]) + 7_000_000
    for student in rows["Student"]:
        student["firstName"], student["lastName"] = student["lastName"], student["firstName"]


def students_get_new_ids(rows: Rows) -> None:
    for endpoint in ("Student", "StudentContact", "UDRegUser"):
        for record in rows[endpoint]:
            record["studentId"] = f"9{str(record['studentId']).strip()}"


def links_are_missing_and_phones_are_blank(rows: Rows) -> None:
    missing = {id(link) for nth, link in enumerate(guardians(rows)) if nth % 100 < 19}
    rows["StudentContact"] = [link for link in rows["StudentContact"] if id(link) not in missing]
    for phone in rows["ContactPhone"]:
        phone["phone"] = ""


def families_are_shifted_by_one(rows: Rows) -> None:
    links = guardians(rows)
    ids = [link["contactId"] for link in links]
    for link, contact_id in zip(links, ids[2:] + ids[:2], strict=True):
        link["contactId"] = contact_id


def one_schools_guardians_are_gone(rows: Rows) -> None:
    school = min(str(student["building"]) for student in rows["Student"])
    students = {student["studentId"] for student in rows["Student"] if str(student["building"]) == school}
    rows["StudentContact"] = [
        link
        for link in rows["StudentContact"]
        if link["contactType"] != "G" or link["studentId"] not in students
    ]


def birth_dates_are_not_sent(rows: Rows) -> None:
    for student in rows["Student"]:
        del student["birthdate"]


@pytest.mark.parametrize(
    ("day", "damage", "trips"),
    [
        (
            2,
            all_guardians_become_contacts_of_children_of_one_age,
            {
                ("load__guardians__deleted", "district"): 1874,
                ("load__files__not_empty", "guardians.csv.contact_id"): 1,
                ("load__identity__overwritten", "district"): 962,
                ("load__field__one_value", "students.csv.birth_date"): 962,
            },
        ),
        (
            3,
            contacts_get_new_ids_and_students_swapped_names,
            {
                ("load__guardians__deleted", "district"): 1874,
                ("load__ids__renumbered", "guardians.csv.contact_id"): None,
                ("load__identity__overwritten", "district"): 962,
                ("load__field__overwritten", "students.csv.first_name"): 962,
            },
        ),
        (
            4,
            students_get_new_ids,
            {
                ("load__students__departed", "district"): 962,
                ("load__ids__renumbered", "students.csv.student_id"): 962,
                ("load__files__grew", "students.csv.student_id"): 962,
            },
        ),
        (
            5,
            links_are_missing_and_phones_are_blank,
            {
                ("load__guardians__deleted", "district"): 361,
                ("load__field__emptied", "guardians.csv.home_phone"): None,
            },
        ),
        (6, families_are_shifted_by_one, {("load__guardians__deleted", "district"): None}),
        (
            7,
            one_schools_guardians_are_gone,
            {
                ("load__guardians__deleted", "district"): 412,
                ("load__students__without_guardian", "district"): None,
                ("load__schools__concentrated", "school"): 412,
            },
        ),
        (8, birth_dates_are_not_sent, {("load__refused__plausible", "students.csv.student_id"): 962}),
    ],
)
def test_a_harmful_night_trips_its_rules(
    published: District, sample: Rows, day: int, damage: Damage, trips: dict[tuple[str, str], int | None]
) -> None:
    found = holds_of(published, sample, damage, day)
    # Which school it is depends on the sample.
    found = {(rule, scope.partition(":")[0]): n for (rule, scope), n in found.items()}
    for key, n in trips.items():
        assert key in found
        assert n is None or found[key] == n


def people_live_on(rows: Rows) -> None:
    """A lively night: 8% of phones and addresses, 4% of names, 2% gone, 3% new, 5% of guardians unlinked."""
    for phone in rows["ContactPhone"][::12]:
        phone["phone"] = "6145550123"
    for address in rows["ContactAddress"][::12]:
        address["streetNumber"] = "7"
    for student in rows["Student"][::25]:
        student["lastName"] += "-Ober"
    for student in rows["Student"][1::10]:
        student["lastName"] = student["lastName"].upper()
    gone = {student["studentId"] for student in rows["Student"][5::50]}
    rows["Student"] = [student for student in rows["Student"] if student["studentId"] not in gone]
    for nth, student in enumerate(rows["Student"][7::33]):
        rows["Student"].append(student | {"studentId": f"8{nth:06}", "firstName": f"New{nth}"})
    unlinked = {id(link) for link in guardians(rows)[3::20]}
    rows["StudentContact"] = [link for link in rows["StudentContact"] if id(link) not in unlinked]


def nothing_happens(rows: Rows) -> None:
    for records in rows.values():
        records.reverse()


@pytest.mark.parametrize(("day", "change"), [(20, nothing_happens), (21, people_live_on)])
def test_an_ordinary_night_trips_none(published: District, sample: Rows, day: int, change: Damage) -> None:
    assert holds_of(published, sample, change, day) == {}
    effects = dict(
        published.query("select effect, records from load_effects.load_totals where file = 'students.csv'")
    )
    assert effects["before"] == 962
    assert effects["same"] == 962 or effects["departed"] == 20


def test_what_was_published_is_kept_for_who_is_refused(published: District, sample: Rows) -> None:
    def forty_last_names_are_blank(rows: Rows) -> None:
        for student in rows["Student"][:40]:
            student["lastName"] = ""

    assert holds_of(published, sample, forty_last_names_are_blank, 25) == {}
    carried = published.query("""
        select cause, refused_by, count(*) from load_effects.load_students
        where effect = 'carried' group by all
    """)
    assert carried == [("refused", "students__last_name__required", 40)]
    others = "select count(*) from load_effects.load_guardians where effect <> 'same'"
    assert published.query(others) == [(0,)]
