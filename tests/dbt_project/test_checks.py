"""Every check counts the planted defects, alone and all together, and agrees with the count by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from district.run_id import started_at
from sandbox import generated
from sandbox.defects.catalog import DEFECTS, SCHOOL_DEFECTS
from tests.checks_by_hand import Counts, count_by_hand
from tests.dbt_project.districts import RUN, District, invoke, records_of

# Counts that differ from one another, so that one check cannot pass for another.
TOGETHER = {name: 2 + nth % 7 for nth, name in enumerate(DEFECTS)} | dict.fromkeys(SCHOOL_DEFECTS, 1)
ENTITIES = "pulls schools students contacts student_contacts contact_addresses contact_phones ud_fields"
CHECKS = [f"checks_{entity}" for entity in ENTITIES.split()]
SPOILED = generated(5000, seed=11, defects=TOGETHER)


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[District, dict[str, int]]:
    """5,000 students with every defect at once, and how many records fail each check."""
    district = District(tmp_path_factory.mktemp("spoiled")).land(records_of(SPOILED)).build()
    return district, {check: planted["failed"] for check, planted in SPOILED.planted().items()}


def test_all_defects_together_are_counted_exactly(spoiled: tuple[District, dict[str, int]]) -> None:
    district, planted = spoiled
    assert district.failed() == planted


def counts_of(district: District) -> Counts:
    """Failures and totals of the checks in the warehouse, without those of the pull and the load."""
    counted = district.query("select check_id, failed, total from checks.check_results")
    return {
        check: (failed, total)
        for check, failed, total in counted
        if not check.startswith(("pull__", "load__"))
    }


def counts_by_hand(lines: Mapping[str, list[bytes]]) -> Counts:
    records = {
        endpoint: [json.loads(line) for line in of_endpoint] for endpoint, of_endpoint in lines.items()
    }
    return count_by_hand(records, started_at(RUN).date())


def test_counts_agree_with_those_by_hand(spoiled: tuple[District, dict[str, int]]) -> None:
    assert counts_of(spoiled[0]) == counts_by_hand(records_of(SPOILED))


def test_counts_of_the_public_sample_agree_with_those_by_hand(
    grand_bend: District, grand_bend_records: Path
) -> None:
    lines = {path.stem: path.read_bytes().splitlines() for path in grand_bend_records.glob("*.ndjson")}
    assert counts_of(grand_bend) == counts_by_hand(lines)


def test_the_import_leaves_out_what_an_error_refuses_and_nothing_else(
    spoiled: tuple[District, dict[str, int]],
) -> None:
    district, _ = spoiled
    records, imported, refused, nowhere = district.query(
        """
        select
            (select count(*) from raw_store.plus360."Student"),
            (select count(*) from marts.import_students),
            (select count(distinct position) from marts.import_rejects where import = 'students'),
            (select count(*) from marts.import_rejects as r
             anti join checks.check_results as c on r.check_id = c.check_id and c.state = 'failed')
        """
    )[0]
    assert records == imported + refused
    assert nowhere == 0
    warned = district.query(
        """
        select count(*) from checks.check_failures as f
        join checks.check_results as c using (check_id)
        join marts.import_students as i on f.record_key = i.student_id
        where c.level = 'error' and check_id like 'students%' and check_id not like '%unique'
        """
    )
    assert warned == [(0,)]


def test_failures_hold_keys_and_codes_only(spoiled: tuple[District, dict[str, int]]) -> None:
    district, _ = spoiled
    reasons = {reason for (reason,) in district.query("select distinct reason from checks.check_failures")}
    assert all(reason.replace("_", "").isalnum() and reason == reason.lower() for reason in reasons)


@pytest.mark.parametrize("defect", [*DEFECTS, *SCHOOL_DEFECTS])
def test_a_defect_alone_fails_its_own_check_and_no_other(
    defect: str, compiled: list[str], small: District, tmp_path: Path
) -> None:
    """The models' SQL as dbt compiled it for a sound district, run over one that has this defect alone."""
    source = generated(150, seed=12, defects={defect: 1 if defect in SCHOOL_DEFECTS else 3})
    district = District(tmp_path).land(records_of(source))
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(f"attach '{district.directory}/raw.duckdb' as raw_store (read_only)")
        connection.execute(f"attach '{small.directory}/build/warehouse.duckdb' as sound (read_only)")
        connection.execute("attach ':memory:' as warehouse; use warehouse; create schema seeds")
        for seed in ("codes", "field_labels"):
            connection.execute(f"create table seeds.{seed} as from sound.seeds.{seed}")
        for statement in compiled:
            connection.execute(statement)
        checks = [f"from checks.{name}" for name in CHECKS]
        failed = connection.execute(
            f"select check_id, count(*) from ({' union all '.join(checks)}) group by all"
        ).fetchall()
    planted = {check: counts["failed"] for check, counts in source.planted().items()}
    # A label that is new was not known when the SQL was compiled: see the test of all defects together.
    planted.pop("pull__labels__mapped", None)
    assert dict(failed) == planted


@pytest.fixture(scope="module")
def compiled(small: District) -> list[str]:
    """Statements that make the models up to the checks of the records, in dbt's order."""
    target = small.directory / "build" / "target"
    nodes = json.loads((target / "manifest.json").read_text())["nodes"]
    results = json.loads((target / "run_results.json").read_text())["results"]
    statements = [f"create schema {name}" for name in ("staging", "intermediate", "checks")]
    for result in results:
        node = nodes.get(result["unique_id"])
        if not node or node["resource_type"] != "model":
            continue
        if node["schema"] in ("staging", "intermediate") or node["name"] in CHECKS:
            kind = node["config"]["materialized"]
            statements.append(f"create {kind} {node['schema']}.{node['name']} as {result['compiled_code']}")
    return statements


def test_dbts_own_tests_of_the_checks_count_what_a_nightly_run_counts(
    spoiled: tuple[District, dict[str, int]],
) -> None:
    """A nightly run leaves these tests out and counts the rows itself."""
    tested = invoke(spoiled[0].directory, "test", "--select", "test_name:no_failures")
    results = [result for result in tested.result if result.node.resource_type == "test"]  # type: ignore[union-attr]
    by_dbt = {result.node.name: result.failures for result in results}
    assert by_dbt == dict(spoiled[0].query("select check_id, failed from checks.check_results"))


def test_fields_that_were_never_sent_and_rows_of_a_list(tmp_path: Path) -> None:
    """What no record holds is not judged; every row of a list screen is kept, an exact copy is not."""
    rows = {name: [json.loads(line) for line in lines] for name, lines in records_of(generated(40)).items()}
    for student in rows["Student"]:
        student["birthdate"] = ""
    for link in rows["StudentContact"]:
        for label in ("legalGuard", "custGuard", "livingWith"):
            del link[label]
    entries = rows["UDRegUser"]
    numbered = [entry | {"screenNumber": 7, "listSequence": nth} for entry in entries for nth in (1, 2)]
    rows["UDRegUser"] = [*entries, *numbered, *entries[:3]]
    district = District(tmp_path).land(rows).build()
    states = district.states()
    assert states["student_contacts__guardian__has_rights"] == "not_evaluated"
    assert states["students__birth_date__plausible"] == "not_evaluated"
    assert states["students__birth_date__required"] == "failed"
    assert district.failed()["ud_fields__record__kept"] == 3
    kept = district.query("select count(*), max(entry_number) from marts.ud_fields")
    assert kept == [(3 * len(entries), 3)]
    assert district.query("select count(*) from marts.quarantined_records") == [(3,)]
