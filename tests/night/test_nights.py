"""Nights of one district, one after the other: what is published, what is kept, what the operator reads."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

import duckdb
import pytest

from district.folder import DistrictFolder
from night.district_night import NightResult, record_result
from night.events import Steps
from qa.redaction.scan import Scanner
from qa.verdict.document_file import read_document
from sandbox import Profile, Sandbox, generated
from tests.night.conftest import Operator, published_files

DISTRICT = "oak-hill"
STUDENTS = 150


@dataclass
class ThreeNights:
    """A good night, a night without the guardians' subscription, a night with half of the students."""

    operator: Operator
    good: subprocess.CompletedProcess[str]
    refused: subprocess.CompletedProcess[str]
    shrunk: subprocess.CompletedProcess[str]
    published_after: dict[str, dict[str, str]]
    secrets: list[str]


@pytest.fixture(scope="module")
def nights(module_operator: Operator) -> ThreeNights:
    operator = module_operator
    published, outcomes, secrets = {}, {}, []
    boxes = {
        "good": (STUDENTS, Profile()),
        "refused": (STUDENTS, Profile.without("StudentContact")),
        "shrunk": (STUDENTS // 2, Profile()),
    }
    for name, (students, profile) in boxes.items():
        with Sandbox(generated(students=students, seed=3), profile) as box:
            operator.knows(DISTRICT, box)
            secrets.append(box.consumer_secret)
            run = operator.process if name == "good" else operator.plus360
            outcomes[name] = run("night", DISTRICT)
        published[name] = published_files(operator, DISTRICT)
    return ThreeNights(operator, **outcomes, published_after=published, secrets=secrets)


def night_qa(nights: ThreeNights, number: int) -> str:
    return (nights.operator.nights(DISTRICT)[number] / "qa.json").read_text(encoding="utf-8")


def test_a_good_night_is_published(nights: ThreeNights) -> None:
    assert nights.good.returncode == 0, nights.good.stdout + nights.good.stderr
    assert "published" in nights.good.stdout
    report = re.search(r"^  report  (\S+)", nights.good.stdout, re.MULTILINE)
    assert report
    assert (nights.operator.folder / report[1]).is_file()


def test_a_night_without_guardians_publishes_nothing(nights: ThreeNights) -> None:
    assert nights.refused.returncode == 3
    assert nights.published_after["refused"] == nights.published_after["good"]
    assert '"verdict": "stopped"' in night_qa(nights, 1)
    assert "Get eSchoolPLUS/StudentContact (v1)" in night_qa(nights, 1)
    assert '"not_evaluated"' in night_qa(nights, 1)


def test_a_night_with_half_the_students_publishes_nothing(nights: ThreeNights) -> None:
    assert nights.shrunk.returncode == 3
    assert nights.published_after["shrunk"] == nights.published_after["good"]
    assert '"id": "pull__rows__stable"' in night_qa(nights, 2)


def test_the_index_says_since_when(nights: ThreeNights) -> None:
    line = nights.operator.index()[DISTRICT]
    good, refused, _ = (path.name for path in nights.operator.nights(DISTRICT))
    assert line["state"] == "stopped"
    assert line["last_good"]["started_at"][:10].replace("-", "") == good[:8]
    assert re.sub(r"[-:.]", "", line["unpublished_since"]).startswith(refused[:15])


def test_files_are_for_their_owner_alone(nights: ThreeNights) -> None:
    for path in (nights.operator.data / DISTRICT).rglob("*"):
        if not path.is_symlink():
            assert path.stat().st_mode & 0o077 == 0, path.name


def test_the_secret_is_in_no_file_and_no_output(nights: ThreeNights) -> None:
    files = [path for path in nights.operator.data.rglob("*") if path.is_file()]
    said = [text for run in (nights.good, nights.refused, nights.shrunk) for text in (run.stdout, run.stderr)]
    for secret in nights.secrets:
        assert not [path for path in files if secret.encode() in path.read_bytes()]
        assert not [text for text in said if secret in text]


def test_half_made_files_are_gone(nights: ThreeNights) -> None:
    assert not list(nights.operator.data.rglob("*.making"))
    assert not list((nights.operator.data / DISTRICT / "nights").rglob("*.wal"))


def test_night_json_may_hold_numbers_but_no_name(nights: ThreeNights) -> None:
    folder = DistrictFolder.of(nights.operator.data, DISTRICT)
    night = folder.all_nights()[0]
    document = read_document(night)[0]
    with duckdb.connect(str(folder.warehouse), read_only=True) as warehouse:
        (house,) = warehouse.sql(
            "select street_number from marts.contact_addresses where street_number similar to '[1-9][0-9]{3}'"
        ).fetchall()[0]
        (name,) = warehouse.sql("select first_name || ' ' || last_name from marts.students").fetchall()[0]
    steps = Steps(DISTRICT, listen=lambda _: None)
    steps.seconds["build"] = int(house) / 1000

    record_result(night, NightResult(DISTRICT, "stopped", "it rained"), steps, document=document)
    written = night.record.read_text(encoding="utf-8")
    assert f'"build": {int(house) / 1000}' in written

    told = NightResult(DISTRICT, "stopped", f"{name} was not at home")
    with Scanner(night) as scanner:
        record_result(night, told, steps, document=document, scanner=scanner)
    written = night.record.read_text(encoding="utf-8")
    assert name not in written
    assert document.headline in written


def test_one_link_names_the_published_run(nights: ThreeNights) -> None:
    folder = nights.operator.data / DISTRICT
    good, *others = nights.operator.nights(DISTRICT)
    assert (folder / "published").resolve() == good
    assert (folder / "warehouse.duckdb").resolve() == good / "warehouse.duckdb"
    assert (folder / "export").resolve() == good / "export"
    # The latest warehouse is kept, to look into what stopped it; those between are not.
    assert [(night / "warehouse.duckdb").exists() for night in others] == [False, True]
    assert not [night for night in others if (night / "export").exists()]
