"""A district of three runs, in which every kind of thing happens to some student. Two runs are published."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from district.folder import DistrictFolder
from extract.store.raw_store import open_store
from night.export import write_export
from qa.analyst import District as Analyst
from tests.dbt_project.districts import District
from tests.qa.conftest import Records, labels, sound_records

FIRST, SECOND, THIRD = (f"202611{day}T020005000Z" for day in (21, 22, 23))
DISTRICT_KEY = "canary"

(
    SAME, NO_BIRTH_DATE, GONE, CHANGED, SENT_TWICE, NO_GUARDIAN, GENDER_X, AT_FAULTY_SCHOOL, RELATION, PHONE,
) = (f"{700100 + n}" for n in range(10))  # fmt: skip
NEW, NEW_WITHOUT_BIRTH_DATE, WITH_ZEROS, HOSTILE = "700500", "700501", "0042", "700502"
# Received twice with one time; with a label in two spellings; the same, and new; with such a guardian.
AT_ONCE, QUARANTINED, NEW_QUARANTINED, GUARDIAN_QUARANTINED = "700110", "700111", "700503", "700112"
# Sent with zeros before it from the third run on: another id.
RESPELLED, RESPELLED_NOW = "700113", "00700113"
LONG = "x" * 1_000_000
RIGHT_TO_LEFT = "\u202e"
SCRIPT = "<script>alert(1)</script>"


class TracedDistrict:
    """The district's folder, and an analyst's object at any of its runs."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.folder = DistrictFolder.of(data, DISTRICT_KEY)
        self._built = District(self.folder.path)

    def make(self) -> TracedDistrict:
        """Land, build and publish the runs; the third one is judged, not published."""
        self._built.land(sound_records(), FIRST).build().publish(FIRST)
        self._built.land(_second(), SECOND).build().publish(SECOND)
        # Warehouses are kept of the published run and of the latest one.
        self.folder.night(FIRST).warehouse.unlink()
        self._built.land(_third(), THIRD).build(departed_runs=1)
        night = self.folder.night(THIRD).make()
        self.folder.new_warehouse.rename(night.warehouse)
        write_export(night)
        return self

    def at(self, run_id: str, verdict: str = "published", decision: str = "") -> Analyst:
        """The analyst's object at a run, which ended so."""
        with closing(open_store(self.folder.raw)) as store:
            store.execute("delete from history.nights where run_id = ?", [run_id])
            store.execute("delete from history.decisions where run_id = ?", [run_id])
            if verdict:
                store.execute("insert into history.nights (run_id, verdict) values (?, ?)", [run_id, verdict])
            if decision:
                store.execute(
                    "insert into history.decisions (run_id, decision, decided_at) values (?, ?, now())",
                    [run_id, decision],
                )
        return Analyst(DISTRICT_KEY, self.data, run_id)


def _second() -> Records:
    records = sound_records()
    records["School"][2]["stateCodeEquiv"] = None
    students = {record["studentId"]: record for record in records["Student"]}
    students[NO_BIRTH_DATE]["birthdate"] = None
    students[CHANGED] |= {"grade": " 06", "nickname": "Ziggy"}
    students[GENDER_X]["gender"] = "X"
    students[AT_FAULTY_SCHOOL]["building"] = 3
    del students[GONE]
    again = students[SENT_TWICE] | {"changeDateTime": "2026-11-21T10:00:00"}
    students[SENT_TWICE]["changeDateTime"] = "2026-11-20T10:00:00"
    students[AT_ONCE] |= {"changeDateTime": "2026-11-20T10:00:00"}
    students[QUARANTINED]["Grade"] = "07"
    hostile = {"firstName": f"{RIGHT_TO_LEFT}Ann", "nickname": SCRIPT, "homeroomPrimary": LONG}
    records["Student"] = [
        *students.values(),
        again,
        students[AT_ONCE] | {"nickname": "Last"},
        _student(NEW),
        _student(NEW_WITHOUT_BIRTH_DATE, birthdate=None),
        _student(WITH_ZEROS),
        _student(HOSTILE, **hostile),
        _student(NEW_QUARANTINED, Grade="07"),
    ]
    new_link = {"studentId": NEW_QUARANTINED, "contactId": "900213"}
    records["StudentContact"] += [one | new_link for one in records["StudentContact"][:1]]
    next(one for one in records["Contact"] if one["contactId"] == "900212")["LastName"] = "Other"
    for link in records["StudentContact"]:
        if link["contactType"] == "G" and link["studentId"] == NO_GUARDIAN:
            link["contactType"] = "C"
        if link["contactType"] == "G" and link["studentId"] == RELATION:
            link["relationCode"] = "FATH"
    return records


def _third() -> Records:
    """All as in the second run, but for one who is no longer received, and one whose id is another one."""
    records = _second()
    for record in (one for its in records.values() for one in its if one.get("studentId") == RESPELLED):
        record["studentId"] = RESPELLED_NOW
    records["Student"] = [one for one in records["Student"] if one["studentId"] != PHONE]
    return records


def _student(student_id: str, **values: Any) -> dict[str, Any]:
    known = {
        "studentId": student_id, "firstName": f"Zynew{student_id}", "lastName": f"Qunew{student_id}",
        "birthdate": "2012-05-06T00:00:00", "gender": "F", "currentStatus": "A", "grade": "05",
        "building": 1, "stateReportId": f"99{student_id}",
    }  # fmt: skip
    return dict.fromkeys(labels()["Student"]) | known | values
