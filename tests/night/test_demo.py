"""The demo, as somebody runs it who has just cloned the project."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.night.conftest import Operator


def test_the_demo_names_what_to_open(operator: Operator) -> None:
    done = operator.process("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    ended = re.findall(r"^(maple-grove|cedar-falls)\s+(published|held|stopped)$", done.stdout, re.MULTILINE)
    assert ended == [
        ("maple-grove", "published"),
        ("maple-grove", "held"),
        ("maple-grove", "published"),
        ("cedar-falls", "stopped"),
    ]
    paths = re.findall(r"^(?:  report|all districts)  (\S+)$", done.stdout, re.MULTILINE)
    assert len(paths) == 5
    assert all((operator.folder / path).is_file() for path in paths)

    # Three days in a row: what is new today, what was fixed, and that a person discarded yesterday's run.
    demo = replace(operator, data_folder="demo-data")
    today = demo.qa("maple-grove")
    assert [day["verdict"] for day in today["nights"][-3:]] == ["published", "held", "published"]
    assert today["load"]["baseline_run_id"] == demo.nights("maple-grove")[0].name
    assert any(finding["new"] for finding in today["findings"])
    assert today["resolved"]
    assert not today["run"]["detail_withheld"]
    assert any(len({*check["trend"][-3:]}) > 1 for check in today["checks"])
    decision = demo.index()["maple-grove"]["decision"]
    assert decision["decision"] == "discarded"
    assert decision["run_id"] == demo.nights("maple-grove")[1].name

    # The district's own edition can be had from the same data, when the sandbox is gone.
    config = ["--config", "demo-data/districts.toml", "--data", "demo-data"]
    unredacted = operator.plus360("report", "maple-grove", "--unredacted", *config)
    assert unredacted.returncode == 0, unredacted.stderr


def test_the_demo_empties_no_folder_but_its_own(operator: Operator) -> None:
    kept = operator.data / "oak-hill" / "raw.duckdb"
    kept.parent.mkdir(parents=True)
    kept.write_text("a real district", encoding="utf-8")
    done = operator.plus360("demo", "--data", str(operator.data))
    assert done.returncode == 2
    assert "was not made by the demo" in done.stderr
    assert kept.read_text(encoding="utf-8") == "a real district"
