"""Records with one field twice, and characters that can't be read: neither changes the import unseen."""

from __future__ import annotations

import json

import pytest

from extract.store.raw_store import FILE_NAME, open_store
from sandbox import generated
from tests.dbt_project.districts import IMPORT, RUN, District, records_of

TONIGHT = "20261124T020005123Z"
SYNONYMS = {"Student.student_id": ["pupilNo"]}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[District, dict[str, list[bytes]]]:
    records = records_of(generated(60, seed=7))
    district = District(tmp_path_factory.mktemp("damaged")).land(records).build(*IMPORT).publish(RUN)
    return district, records


@pytest.fixture(scope="module")
def damaged(before: tuple[District, dict[str, list[bytes]]]) -> District:
    """A nightly run later: some records have a label twice, or in two spellings."""
    district, records = before
    tonight = {name: list(lines) for name, lines in records.items()}
    students, links, contacts = tonight["Student"], tonight["StudentContact"], tonight["Contact"]
    guardians = [place for place, line in enumerate(links) if json.loads(line)["contactType"] == "G"]
    students[0] = with_label(students[0], "firstName", "Dup")
    students[1] = with_label(students[1], "studentId", "dup")
    links[guardians[4]] = with_label(links[guardians[4]], "relationCode", "dup")
    links[guardians[9]] = with_label(links[guardians[9]], "studentId", "dup")
    contacts[3] = with_label(contacts[3], "lastName", "Dup")
    for endpoint in ("School", "ContactAddress", "ContactPhone", "UDRegUser"):
        tonight[endpoint].append(with_label(tonight[endpoint][0], "district", "dup"))
    respell(tonight, guardians)
    district.land(tonight, TONIGHT)
    with open_store(district.directory / FILE_NAME) as store:
        store.execute("update plus360.pulls set replaced_characters = 3 where endpoint = 'Contact'")
    return district.build(run_id=TONIGHT, label_synonyms=SYNONYMS)


def respell(tonight: dict[str, list[bytes]], guardians: list[int]) -> None:
    """Adds other spellings and synonyms of labels to records: with another value, the same, or a blank."""
    students, links = tonight["Student"], tonight["StudentContact"]
    someone_else = json.loads(students[20])["studentId"]
    students[2] = spelled(students[2], STUDENTID="dup2")
    students[3] = spelled(students[3], FIRST_NAME="Dup")
    students[30] = spelled(students[30], pupilNo="dup2")
    links[guardians[26]] = spelled(links[guardians[26]], STUDENTID=someone_else)
    tonight["ContactPhone"].append(spelled(tonight["ContactPhone"][0], CONTACT_ID="dup"))
    tonight["UDRegUser"].append(spelled(tonight["UDRegUser"][0], STUDENT_ID="dup"))
    # One value, or an order of preference: nothing to doubt.
    own = json.loads(students[5])
    students[5] = spelled(students[5], STUDENTID=f" {own['studentId']} ", pupilNo="", LastName="  ")
    students[6] = spelled(students[6], dob="1/2/2003", homeroom="dup")
    # Sent once as it was, and once more with labels that disagree.
    students.append(spelled(students[8], FIRST_NAME="Dup"))
    links.append(spelled(links[guardians[12]], RELATION_CODE="dup"))
    students[7] = spelled(json.dumps(without(students[7], "studentId")).encode(), pupilNo=id_of(students[7]))
    tonight["UDRegUser"][1] = spelled(tonight["UDRegUser"][1], DISTRICT="their own", Bus_No="1", busno="2")


def id_of(student: bytes) -> str:
    return str(json.loads(student)["studentId"])


def without(line: bytes, label: str) -> dict[str, object]:
    return {name: value for name, value in json.loads(line).items() if name != label}


def spelled(line: bytes, **labels: str) -> bytes:
    """A record with more labels."""
    return json.dumps(json.loads(line) | labels).encode()


def with_label(line: bytes, label: str, value: str) -> bytes:
    """A record with one label once more, before the first, in another spelling of the same label."""
    escaped = f"\\u{ord(label[0]):04x}{label[1:]}"
    return f'{{"{escaped}": "{value}", '.encode() + line.removeprefix(b"{")


def test_a_record_with_one_field_twice_is_quarantined_and_named(damaged: District) -> None:
    quarantined = damaged.query(
        "select endpoint, count(*) from marts.quarantined_records where reason = 'duplicate_label' "
        "group by all order by all"
    )
    assert quarantined == [
        ("Contact", 1), ("ContactAddress", 1), ("ContactPhone", 2), ("School", 1), ("Student", 6),
        ("StudentContact", 4), ("UDRegUser", 2),
    ]  # fmt: skip
    failed = damaged.query(
        "select check_id, count(*) from checks.check_failures where check_id like '%__labels__unique' "
        "group by all order by all"
    )
    assert failed == [
        ("contact_addresses__labels__unique", 1), ("contact_phones__labels__unique", 2),
        ("contacts__labels__unique", 1), ("schools__labels__unique", 1),
        ("student_contacts__labels__unique", 4), ("students__labels__unique", 6),
        ("ud_fields__labels__unique", 2),
    ]  # fmt: skip


def test_the_import_keeps_everyone_as_last_loaded(damaged: District) -> None:
    published = damaged.folder.night(RUN).export
    for table, file in (("import_students", "students.csv"), ("import_guardians", "guardians.csv")):
        rows = damaged.query(f"select count(*) from marts.{table}")[0][0]
        assert rows == len((published / file).read_text().splitlines()) - 1
        columns = damaged.query(f"select * from marts.{table}")
        assert not any("dup" in str(value).lower() for row in columns for value in row)
    effects = damaged.query(
        "select file, effect, records from load_effects.load_totals where effect not in ('before', 'now')"
    )
    assert {effect for _, effect, records in effects if records} == {"same", "carried"}


def test_who_is_also_sent_in_a_sound_record_is_loaded_and_not_refused(
    before: tuple[District, dict[str, list[bytes]]], damaged: District
) -> None:
    student = id_of(before[1]["Student"][8]).strip()
    links = [json.loads(line) for line in before[1]["StudentContact"]]
    link = [link for link in links if link["contactType"] == "G"][12]
    guardian = [str(link[label]).strip() for label in ("studentId", "contactId")]
    assert damaged.query("select kept_as from marts.import_students where student_id = ?", student) == [
        (None,)
    ]
    rows = "from marts.import_guardians where student_id = ? and contact_id = ?"
    assert damaged.query(f"select kept_as {rows}", *guardian) == [(None,)]
    state = (
        "select effect from marts.import_state where file = 'students' and student_id = ? "
        "union all select effect from marts.import_state where student_id = ? and contact_id = ?"
    )
    assert damaged.query(state, student, *guardian) == [("received",)]


def test_every_record_is_in_a_mart_or_quarantined(damaged: District) -> None:
    for endpoint, mart in (("Student", "students"), ("StudentContact", "student_contacts")):
        in_mart = damaged.query(f"select count(*) from marts.{mart}")[0][0]
        kept_out = damaged.query(
            "select count(*) from marts.quarantined_records where endpoint = ?", endpoint
        )[0][0]
        landed = damaged.query(
            "select rows from raw_store.plus360.pulls where run_id = ? and endpoint = ?", TONIGHT, endpoint
        )
        assert in_mart + kept_out == landed[0][0]


def test_replaced_characters_are_a_finding(damaged: District) -> None:
    assert damaged.query(
        "select field, reason from checks.check_failures where check_id = 'pull__characters__readable'"
    ) == [("Contact", "unreadable_character")]
