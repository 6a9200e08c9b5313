"""`dbt build` as by hand, over a small district: unit tests, the integrity of the marts, the checks."""

from __future__ import annotations

from pathlib import Path

from night.baseline import write_baseline
from sandbox import generated
from tests.dbt_project.districts import District, invoke, records_of
from tests.shared_between_workers import copy_of


def test_dbt_build_by_hand_runs_every_test_and_passes(tmp_path: Path) -> None:
    earlier = "20261122T020005123Z"
    district = District(tmp_path)
    district.land(records_of(generated(60, seed=4)), earlier).published(earlier)
    district.land(records_of(generated(60, seed=4, defects={"lost_contact": 1})))
    write_baseline(district.folder)
    outcome = invoke(district.directory, "build")
    assert outcome.exception is None
    results = {result.node.name: result for result in outcome.result}  # type: ignore[union-attr]
    crashed = {name: result.message for name, result in results.items() if result.status in ("error", "fail")}
    assert not crashed
    kinds = [result.node.resource_type for result in results.values()]
    assert kinds.count("unit_test") > 40
    assert "rows_in_are_rows_out" in results
    assert "students_key" in results


def test_sources_tell_how_old_they_are(small: District, tmp_path: Path) -> None:
    outcome = invoke(copy_of(small.directory, tmp_path), "source", "freshness")
    assert outcome.exception is None
    told = [result for result in outcome.result if hasattr(result, "max_loaded_at")]  # type: ignore[union-attr]
    assert len(told) == 9
