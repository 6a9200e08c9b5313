"""docs/operations.md says what plus360 says, and its examples can be used as they are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from district.settings import DistrictSettings
from district.settings.delivery import DeliverySettings
from district.settings.file import load_fleet
from district.settings.fleet import FleetSettings
from docs.operations import HANDBOOK, with_tables
from night.fleet.summary import DistrictSummary, Summary
from night.pages.index_contract import State
from tests.deploy.deployed import DEPLOY
from tests.repo.project_files import PROJECT

# Written as enrollment_status is, which the example has.
SHOWN_BY_ANOTHER = {"grades", "gender", "relations", "phone_types"}
TEXT = HANDBOOK.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_its_tables_are_those_of_the_data() -> None:
    assert with_tables(TEXT) == TEXT, "run: python -m docs.operations"


def test_every_state_stands_in_it() -> None:
    assert not {state for state in get_args(State) if f"**{state}**" not in TEXT}


def test_its_links_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert links
    assert not {link for link in links if link.startswith("#") and link[1:] not in anchors}
    files = {link for link in links if not link.startswith(("#", "https:"))}
    assert not {file for file in files if not (HANDBOOK.parent / file).exists()}


def test_its_schedulers_are_python() -> None:
    examples = blocks("python")
    assert [name for name in ("airflow", "dagster") if name in "".join(examples)] == ["airflow", "dagster"]
    crontab = (DEPLOY / "crontab").read_text(encoding="utf-8")
    places = dict(re.findall(r"^(PLUS360_\w+|CREDENTIALS_DIRECTORY)=(.*)$", crontab, re.MULTILINE))
    for example in examples:
        compile(example, "docs/operations.md", "exec")
        assert dict(re.findall(r'^    "(\w+)": "(.*)",$', example, re.MULTILINE)) == places
        assert "run(plus360, env=ENVIRONMENT)" in example


def test_every_key_of_what_night_says_to_programs_is_explained() -> None:
    keys = {field.name for field in (*fields(Summary), *fields(DistrictSummary))}
    rows = "".join(re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", TEXT, re.MULTILINE))
    assert not {key for key in keys if f"`{key}`" not in rows}
    (example,) = blocks("json")
    assert json.loads(example).keys() == {field.name for field in fields(Summary)}
    assert {*json.loads(example)["districts"][0]} == {field.name for field in fields(DistrictSummary)}


@pytest.mark.parametrize("script", blocks("sh"))
def test_its_shell_lines_can_be_read_by_a_shell(script: str) -> None:
    shell = shutil.which("bash")
    assert shell
    read = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")


@pytest.mark.parametrize("settings", blocks("toml"))
def test_its_settings_can_be_used(settings: str, tmp_path: Path) -> None:
    """A block without a district of its own is about one that is set up already."""
    if not re.search(r"^base_url", settings, re.MULTILINE):
        settings = (PROJECT / "districts.example.toml").read_text(encoding="utf-8") + settings
    settings = settings.replace("AAAA...", "AAAA")
    file = tmp_path / "districts.toml"
    file.write_text(settings, encoding="utf-8")
    for table in tomllib.loads(settings)["districts"].values():
        if name := table.get("delivery", {}).get("private_key_file"):
            (tmp_path / name).write_text("a key")
    assert load_fleet(file).districts


def test_every_line_of_the_example_settings_can_be_used(tmp_path: Path) -> None:
    """Also those that stand in it as comments, with their values; no setting is missing."""
    text = (PROJECT / "districts.example.toml").read_text(encoding="utf-8")
    used = re.sub(r"^# (?=\[|[\w\".]+ = )", "", text, flags=re.MULTILINE).replace("AAAA...", "AAAA")
    used = re.sub(r'(ca_bundle|private_key_file) = ".*?"', r'\1 = "here.pem"', used)
    (tmp_path / "here.pem").write_text("")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "weekly.ipynb").write_text("")
    (tmp_path / "districts.toml").write_text(used, encoding="utf-8")
    fleet = load_fleet(tmp_path / "districts.toml")
    (district,) = fleet.districts.values()
    assert district.delivery
    shown = {*district.model_fields_set, *SHOWN_BY_ANOTHER}
    assert not DistrictSettings.model_fields.keys() - shown
    assert not FleetSettings.model_fields.keys() - fleet.settings.model_fields_set
    assert not DeliverySettings.model_fields.keys() - district.delivery.model_fields_set
