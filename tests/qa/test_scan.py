"""The scan finds a personal value in every disguise, and is not fooled by a student called Grade."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from pathlib import Path, PurePath

import duckdb
import pytest

from qa.document import write_qa_json
from qa.redaction.allowed_text import Vocabulary
from qa.redaction.scan import LeakError, Scanner
from qa.report.render import render_report
from tests.qa.conftest import TONIGHT, DistrictFolder

NAME, PHONE, BIRTH_DATE = "Zyfirst3", "9503250003", "2011-03-07"


def _sha(algorithm: str, text: str) -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()


DISGUISES = {
    "as it is": NAME,
    "in capitals": NAME.upper(),
    "a full name": "Student Zyfirst3 Qulast3.",
    "an accent": "Zyfírst3",
    "glued to punctuation": f"({NAME})",
    "with an underscore": f"student_{NAME}_report",
    "typographic apostrophe": "O\u2019Vulast3",
    "no apostrophe": "OVulast3",
    "entities": "&#90;yfirst3",
    "named entity": "O&apos;Vulast3",
    "entities of entities": html.escape("&#90;yfirst3"),
    "percent signs": "%5Ayfirst3",
    "soft hyphen": "Zyfi\u00adrst3",
    "soft hyphen entity": "Zyfi&shy;rst3",
    "zero-width space": "Zyfi\u200brst3",
    "date": BIRTH_DATE,
    "date with time": f"{BIRTH_DATE}T00:00:00",
    "US date": "03/07/2011",
    "US date, short": "3/7/11",
    "US date with hyphens": "03-07-2011",
    "dotted date": "07.03.2011",
    "date in digits": "20110307",
    "date in words": "March 7, 2011",
    "date in short words": "7 Mar 2011",
    "phone": PHONE,
    "phone with parentheses": "(950) 325-0003",
    "phone with points": "950.325.0003",
    "phone with blanks": "950 325 0003",
    "phone with country code": "+1 950-325-0003",
    "phone without area code": "325-0003",
    "email": "MAIL3.jx@vu.example",
    "address": "53 Gruzel Hagua Way",
    "student id": "700103",
    "student id with a comma": "700,103",
    "value of a district-defined field": "zworeduced3",
    "md5": _sha("md5", NAME),
    "sha1": _sha("sha1", NAME),
    "sha256": _sha("sha256", "700103"),
    "sha256 in capitals": _sha("sha256", "700103").upper(),
    "sha256 of lower case": _sha("sha256", NAME.lower()),
    "sha256 cut short": _sha("sha256", "700103")[:12],
    "base64": base64.b64encode(NAME.encode()).decode(),
    "base64 inside of more": base64.b64encode(f'{{"name": "{NAME}"}}'.encode()).decode().rstrip("="),
    "base64 for addresses": base64.urlsafe_b64encode(b"?>700103<?").decode(),
}  # fmt: skip

MARKUP = {
    "a tag inside": "Zyfi<b>rst3</b>",
    "a word break": "Zyfi<wbr>rst3",
    "a comment inside": "Zyfi<!-- -->rst3",
    "a cell inside": "<table><tr><td>Zyfi</td><td>rst3</td></tr></table>",
    "an attribute": f'<p title="{NAME}">',
    "an attribute with entities": '<p data-x="&#90;yfirst3">',
    "a comment": f"<!-- {NAME} -->",
    "a phone in spans": "<span>950</span><span>325</span><span>0003</span>",
    "name parts in tags": "<i>53</i> <b>Gruzel</b> <i>Hagua</i> <b>Way</b>",
    "a data address": f'<img src="data:text/plain;base64,{base64.b64encode(NAME.encode()).decode()}">',
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory):
    """A night's files, scanned and written, and the scanner of its district."""
    district = DistrictFolder(tmp_path_factory.mktemp("data"))
    document = district.night(failing={"students__birth_date__required": 12})
    report = render_report(district.data, district.key, document.run_id)
    with Scanner(district.path) as scanner:
        yield scanner, document, report.read_text(), (report.parent / "qa.json").read_text()


def leaking(finished, place: str, text: str) -> tuple[str, ...]:
    scanner, document, *_ = finished
    try:
        scanner.check(PurePath(place), text, Vocabulary(document))
    except LeakError as leak:
        assert "zyfirst" not in str(leak).lower()
        return leak.columns
    return ()


def test_a_canary_district_has_no_hit(finished):
    _, _, report, qa_json = finished
    assert leaking(finished, "report.html", report) == leaking(finished, "qa.json", qa_json) == ()
    assert "zyfirst" not in (report + qa_json).lower()
    assert leaking(finished, "report.html", report.replace("</h1>", f" {NAME}</h1>"))


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_planted_value_is_found_in_every_disguise(finished, disguise):
    value = DISGUISES[disguise]
    assert leaking(finished, "report.html", f"<h1>Canary ISD {value}</h1>")
    assert leaking(finished, "night.log", f"Pulled 962 records. {value}\n")
    assert leaking(finished, "qa.json", json.dumps({"findings": [{"note": value}]}))
    assert leaking(finished, "index.json", json.dumps({value: 1}))


@pytest.mark.parametrize("disguise", MARKUP)
def test_a_planted_value_is_found_behind_markup(finished, disguise):
    assert leaking(finished, "report.html", f"<main>{MARKUP[disguise]}</main>")


def test_a_file_name_is_scanned_too(finished):
    assert leaking(finished, "night-700103.log", "") != ()


def test_the_message_names_the_column(finished):
    assert "marts.students.first_name" in leaking(finished, "night.log", NAME)


def test_words_of_ours_and_typed_values_are_no_leak(district):
    """Students called May or Grade, an id that is a count, the night as a birth date, the district's city."""
    run_id = district.pull(TONIGHT)
    district.build(run_id, failing={"students__birth_date__required": 12})
    with duckdb.connect(str(district.warehouse)) as con:
        con.execute("""
            update marts.students set first_name = 'May', last_name = 'Grade' where student_id = '700101';
            update marts.students set first_name = 'Load', last_name = 'Stop' where student_id = '700102';
            update marts.students set last_name = 'Canary' where student_id = '700103';
            update marts.students set first_name = 'None', last_name = 'True' where student_id = '700104';
            update marts.students set student_id = '1240', birth_date = '2026-11-23'
            where student_id = '700105';
            update marts.contacts set contact_id = '2026', first_name = 'Nov', last_name = 'Mon'
            where contact_id = '900201';
            update marts.contacts set contact_id = '40', last_name = 'SHA-256' where contact_id = '900202';
            insert into marts.ud_fields
            values ('700103', '{"lives": "1240 students", "entry": "Nov 2026", "time": "0 s"}');
            insert into marts.students by name
            select students.* replace ((10000 + n)::varchar as student_id)
            from marts.students, range(30) as numbers (n);
        """)
    document = write_qa_json(district.path, district.key, district.name, run_id, TONIGHT, TONIGHT)
    assert document.counts["students"] == 1240
    assert render_report(district.data, district.key, run_id).exists()


@pytest.mark.parametrize("column", ["reason", "field"])
def test_a_leak_stops_the_file_and_says_where(district, column):
    run_id = district.pull(TONIGHT)
    district.build(run_id, failing={"students__birth_date__required": 12})
    with duckdb.connect(str(district.warehouse)) as con:
        con.execute(f"update checks.check_failures set {column} = 'qulast3'")
    with pytest.raises(LeakError, match=r"qa\.json was not written.*marts\.students\.last_name") as leak:
        write_qa_json(district.path, district.key, district.name, run_id, TONIGHT, TONIGHT)
    assert "qulast" not in str(leak.value)
    assert not (district.path / "nights" / run_id / "qa.json").exists()


def test_a_report_that_leaks_is_not_written(district):
    """Someone edits qa.json after its scan: the report's own scan still holds it back."""
    document = district.night(failing={"students__birth_date__required": 12})
    place = district.path / "nights" / document.run_id / "qa.json"
    place.write_text(place.read_text().replace("Birth date is missing", "Birth date of Zyfirst3 is missing"))
    with pytest.raises(LeakError, match=r"report\.html was not written"):
        render_report(district.data, district.key, document.run_id)
    assert not (place.parent / "report.html").exists()


def test_without_a_warehouse_the_raw_records_are_held_against(district):
    document = district.night(build=False)
    with Scanner(district.path) as scanner, pytest.raises(LeakError, match=r"plus360\.Student"):
        scanner.check(Path("note.txt"), "Zyfirst3", Vocabulary(document))
