"""The records of the unredacted report link to their page in the district's own eSchoolPLUS."""

from __future__ import annotations

import re
from contextlib import closing
from html import unescape
from urllib.parse import SplitResult, parse_qsl, urlsplit

import duckdb

from qa.report.notebook import open_night
from tests.qa.test_failing_values import FAILING

SIS_URL = "https://esp.canary.example/eSchoolPLUS/"


def test_guardians_link_to_their_page_in_the_unredacted_edition_only(tmp_path, monkeypatch, new_district):
    district = new_district(tmp_path)
    night = district.folder(district.night(failing=FAILING).run_id)
    monkeypatch.setenv("PLUS360_DATA", str(tmp_path))

    def links(edition: str, sis_url: str) -> list[SplitResult]:
        page = open_night(night.district.key, night.run_id, edition, sis_url).section("fix_first").data
        return [
            parts
            for address in re.findall(r'href="([^"]+)"', page)
            if (parts := urlsplit(unescape(address))).scheme
        ]

    found = links("unredacted", SIS_URL)
    assert {f"{parts.scheme}://{parts.netloc}{parts.path}" for parts in found} == {
        SIS_URL + "Student/Registration/ContactDetail"
    }
    with closing(duckdb.connect(str(night.warehouse), read_only=True)) as con:
        guardians = con.execute(
            "select contact_id, student_id from marts.student_contacts where contact_type = 'G'"
        ).fetchall()
    for parts in found:
        query = dict(parse_qsl(parts.query))
        assert (query.pop("contactId"), query.pop("StudentId")) in guardians
        assert query == {"contactType": "Guardian", "PageEditMode": "Modify", "ContactEditMode": "Modify"}
    assert links("unredacted", "") == []
    assert links("redacted", SIS_URL) == []
