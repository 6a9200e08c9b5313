"""qa.json describes one run: what failed, since when, what blocks what, and no personal value."""

from __future__ import annotations

import json
import re
import stat
from datetime import timedelta

import duckdb
import pytest
from jsonschema import Draft202012Validator

from qa.contract import SCHEMA_FILE, QaDocument, json_schema
from tests.qa.conftest import (
    BIRTH_DATE,
    EMAIL,
    GUARDIAN,
    SCHOOL_STATE_ID,
    STUDENTS,
    TONIGHT,
    DistrictFolder,
)

ENDPOINT_NAMES = (
    "School", "Contact", "ContactAddress", "ContactPhone", "StudentContact", "Student", "UDRegUser",
)  # fmt: skip
SCHEMA = Draft202012Validator(json.loads(SCHEMA_FILE.read_text()))


def nights_ago(nights: int):
    return TONIGHT - timedelta(days=nights)


def read(district: DistrictFolder, document: QaDocument) -> dict:
    """The file as others read it, checked against the schema."""
    written = json.loads((district.path / "nights" / document.run_id / "qa.json").read_text())
    SCHEMA.validate(written)
    return written


def not_evaluated(document: QaDocument) -> set[str]:
    """The checks that had records to look at, and could not."""
    return {check.id for check in document.checks if check.state == "not_evaluated" and check.total}


def finding(document: QaDocument, check_id: str):
    """The finding that tells of a check: its own, or the one of its cause."""
    return next(told for told in document.findings if check_id in (told.id, *told.also))


def test_the_schema_file_is_the_models():
    assert json.loads(SCHEMA_FILE.read_text()) == json_schema()


def test_every_string_of_the_schema_is_held_by_a_pattern():
    def parts(node):
        if isinstance(node, dict):
            yield node
            for child in node.values():
                yield from parts(child)
        elif isinstance(node, list):
            for child in node:
                yield from parts(child)

    strings = [part for part in parts(json_schema()) if part.get("type") == "string"]
    assert [part for part in strings if not {"pattern", "enum", "const"} & {*part}] == []
    objects = [part for part in parts(json_schema()) if part.get("type") == "object"]
    assert [part for part in objects if part.get("additionalProperties") is not False] == []


def test_the_schema_takes_no_key_and_no_string_of_its_own(district):
    written = read(district, district.night(failing={BIRTH_DATE: 12}))
    told = written["findings"][0]
    example = told["examples"][0]
    changed = {
        "a key": written | {"note": "x"},
        "a name for a pseudonym": written
        | {"findings": [told | {"examples": [example | {"pseudonym": "Ann Lee"}]}]},
        "a sentence for a reason": written
        | {"findings": [told | {"examples": [example | {"reason": "is Ann"}]}]},
        "a local time": written | {"started_at": "2026-11-23T02:00:05-05:00"},
    }
    for what, change in changed.items():
        assert not SCHEMA.is_valid(change), what


def test_a_clean_night_is_published(district):
    written = read(district, district.night())
    assert written["schema"] == 3
    assert (written["district"], written["verdict"], written["findings"]) == ("canary", "published", [])
    assert written["started_at"] == "2026-11-23T02:00:05Z"
    assert written["counts"]["students"] == STUDENTS
    assert [pull["endpoint"] for pull in written["pulls"]] == [*ENDPOINT_NAMES]
    assert {check["id"] for check in written["checks"]} >= {BIRTH_DATE, GUARDIAN, EMAIL, SCHOOL_STATE_ID}
    states = {check["id"]: (check["state"], check["total"] > 0) for check in written["checks"]}
    assert set(states.values()) == {("passed", True), ("not_evaluated", False)}, "no record proves nothing"
    assert states["contact_phones__phone_number__valid"] == ("passed", True)


def test_a_headline_is_computed(district):
    document = district.night(failing={BIRTH_DATE: 3, GUARDIAN: 3})
    assert "3 of 140 students (2.1" in finding(document, BIRTH_DATE).headline
    assert "3 of 140 students (2.1" in finding(document, GUARDIAN).headline
    assert document.verdict == "published"
    assert document.fix_first == BIRTH_DATE


def test_when_all_records_fail_the_cause_is_another(district):
    told = finding(district.night(failing={BIRTH_DATE: STUDENTS}), BIRTH_DATE)
    assert "140 of 140 students (100" in told.headline
    assert any("Advanced Settings" in step for step in told.remedy)
    assert told.owner == "district SIS admin"


def test_findings_come_by_level_then_new_then_affected(district):
    district.night(nights_ago(1), failing={GUARDIAN: 7})
    document = district.night(failing={GUARDIAN: 30, EMAIL: 2, BIRTH_DATE: 1})
    assert [(finding.id, finding.new) for finding in document.findings] == [
        (BIRTH_DATE, True),
        (EMAIL, True),
        (GUARDIAN, False),
    ]


def test_since_counts_an_unbroken_row_of_nights(district):
    district.night(nights_ago(9), failing={GUARDIAN: 3})
    district.night(nights_ago(8))
    district.night(nights_ago(5), failing={GUARDIAN: 7})
    district.night(
        nights_ago(4), states={"StudentContact": ("refused", 403)}
    )  # not evaluated: the row goes on
    district.night(nights_ago(2), failing={GUARDIAN: 3})
    told = finding(district.night(failing={GUARDIAN: 7}), GUARDIAN)
    assert (told.since, told.nights, told.new) == (nights_ago(5), 3, False)
    assert told.trend == [None] * 4 + [3, 0, None, None, 7, None, None, 3, None, 7]


def test_the_first_night_has_nothing_new(district):
    assert not finding(district.night(failing={GUARDIAN: 7}), GUARDIAN).new


def test_what_passes_again_is_resolved(district):
    district.night(nights_ago(2), failing={GUARDIAN: 30, EMAIL: 2, BIRTH_DATE: 1})
    district.night(nights_ago(1), failing={GUARDIAN: 3}, states={"Contact": ("refused", 403)})
    document = district.night()
    assert {"pull__endpoints__complete", EMAIL, GUARDIAN} <= {*document.resolved}
    assert document.last_good is not None
    assert document.last_good.started_at == nights_ago(2)


def test_a_refused_endpoint_is_one_finding_that_names_its_box(district):
    district.night(nights_ago(1))
    document = district.night(failing={GUARDIAN: 3}, states={"Contact": ("refused", 403)})
    told = document.findings[0]
    assert (document.verdict, told.id) == ("stopped", "pull__endpoints__complete")
    assert told.headline == "Not complete: 1 of 7 endpoints. Contact: not subscribed (403)"
    assert "Under Subscriptions, check 'Get eSchoolPLUS/Contact (v1)'." in told.remedy
    assert told.owner == "district SIS admin"
    assert {EMAIL, "contact_phones__contact_id__exists"} <= {*told.blocks}
    assert not_evaluated(document) <= {*told.blocks}
    read(district, document)


@pytest.mark.parametrize(
    ("state", "status", "headline", "step"),
    [
        ("refused", 401, "key or the secret was not accepted", "Check that Active is checked"),
        ("refused", 404, "nothing is at the address", "the district's base URL"),
        ("refused", 200, "web page instead of data", "maintenance"),
        ("refused", 302, "redirect", "base_url"),
        ("broken", 503, "the server failed", "Get eSchoolPLUS/Student (v1)"),
        ("broken", None, "closed the connection", "load and log"),
    ],
)
def test_no_endpoint_came_and_no_warehouse_was_built(district, state, status, headline, step):
    document = district.night(states=dict.fromkeys(ENDPOINT_NAMES, (state, status)), build=False)
    # A refusal needs a person; what broke off may work the next time.
    assert document.verdict == {"refused": "stopped", "broken": "failed"}[state]
    assert document.findings[0].headline.startswith("None of the 7 endpoints is complete: ")
    assert headline in document.findings[0].headline
    assert any(step in line for line in document.findings[0].remedy)
    read(district, document)


def test_a_clock_that_is_off_is_not_blamed_on_the_secret(district):
    district.message = "the clocks differ too much (this machine's clock is 312 seconds behind the server's)"
    district.outcomes = {"Student": "clock_off"}
    document = district.night(states={"Student": ("refused", 401)}, build=False)
    told = document.findings[0]
    assert "the clocks of this machine and the server differ" in told.headline
    assert told.owner == "plus360 operator"
    assert not any("Secret" in step for step in told.remedy)
    student = next(pull for pull in document.pulls if pull.endpoint == "Student")
    assert (student.outcome, student.answer_detail) == ("clock_off", district.message)


def test_rows_that_contradict_the_total_are_a_finding_without_a_warehouse(district):
    document = district.night(states={"Contact": ("unreconciled", 200)}, build=False)
    told = finding(document, "pull__rows__reconciled")
    assert document.verdict == "stopped"
    assert (told.failed, told.total, told.owner) == (1, 7, "PowerSchool support")
    assert told.remedy == [
        "Open a case with PowerSchool support: the total of 'Get eSchoolPLUS/Contact (v1)' doesn't match the "
        "records that its pages hold."
    ]


def test_a_build_that_ended_early_needs_a_person(district):
    good = district.folder(district.night(nights_ago(1)).run_id)
    good.district.publish(good)
    document = district.night(build=False)
    assert document.verdict == "stopped"
    assert "warehouse could not be built" in document.verdict_reason
    assert {check.state for check in document.checks if not check.id.startswith("pull__endpoints")} == {
        "not_evaluated"
    }
    read(district, document)


def test_the_warehouse_of_another_night_is_not_taken_for_tonights(district):
    district.night(nights_ago(1), failing={BIRTH_DATE: 3})
    document = district.night(build=False)
    assert (document.verdict, document.counts, document.findings) == ("stopped", {}, [])


@pytest.mark.parametrize(("failing", "bands", "withheld"), [(29, [("1", 20)], False), (28, [], True)])
def test_a_finding_shows_its_schools_in_bands_of_ten(district, failing, bands, withheld):
    told = finding(district.night(failing={EMAIL: failing, BIRTH_DATE: 29}), EMAIL)
    assert [(one.school, one.records_from) for one in told.schools] == bands
    assert told.schools_withheld == withheld
    assert {example.school for example in told.examples} == {bands[0][0] if bands else None}


def test_a_field_whose_share_is_shown_by_school_is_not_counted_by_school(district):
    told = finding(district.night(failing={EMAIL: 29, BIRTH_DATE: 29}), BIRTH_DATE)
    assert (told.schools, told.schools_withheld) == ([], False)
    assert {example.school for example in told.examples} == {None}


def test_a_school_that_the_district_does_not_have_is_not_shown(district):
    for student in district.records["Student"]:
        student["building"] = "Zyfirst3"
    document = district.night(failing={BIRTH_DATE: 12})
    assert {example.school for example in finding(document, BIRTH_DATE).examples} == {None}


def test_schools_are_named_by_their_code(district):
    told = finding(
        district.night(failing={SCHOOL_STATE_ID: 2}),
        SCHOOL_STATE_ID,
    )
    assert [(example.subject, example.pseudonym) for example in told.examples] == [("1", None), ("2", None)]


def test_pseudonyms_are_random_and_stay(district):
    before = finding(district.night(nights_ago(1), failing={BIRTH_DATE: 3}), BIRTH_DATE)
    tonight = district.night(failing={BIRTH_DATE: 3, GUARDIAN: 3})
    codes = [example.pseudonym for example in before.examples]
    assert codes == [example.pseudonym for example in finding(tonight, BIRTH_DATE).examples]
    assert codes == [example.pseudonym for example in finding(tonight, GUARDIAN).examples], (
        "one student, one code"
    )
    assert len(set(codes)) == 3
    assert all(re.fullmatch(r"S-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", code) for code in codes)


def test_another_district_gives_the_same_record_another_code(tmp_path, new_district):
    codes = {
        finding(new_district(tmp_path, key=key).night(failing={BIRTH_DATE: 3}), BIRTH_DATE)
        .examples[0]
        .pseudonym
        for key in ("canary", "raven", "wren")
    }
    assert len(codes) == 3


def test_a_run_checked_twice_is_recorded_once(district):
    district.night(failing={GUARDIAN: 3})
    document = district.check()
    with duckdb.connect(str(district.path / "raw.duckdb"), read_only=True) as store:
        run_id, verdict, counts = store.execute(
            "select run_id, verdict, counts from history.nights"
        ).fetchall()[0]
        assert store.execute("select count(*), count(distinct check_id) from history.checks").fetchall() == [
            (len(document.checks), len(document.checks))
        ]
    assert (run_id, verdict, json.loads(counts)["students"]) == ("20261123T020005000Z", "published", STUDENTS)


def test_the_file_is_the_owners_alone(district):
    document = district.night()
    place = district.path / "nights" / document.run_id / "qa.json"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert {path.name for path in place.parent.iterdir()} == {"qa.json", "private", "warehouse.duckdb"}, (
        "no draft is left behind"
    )
