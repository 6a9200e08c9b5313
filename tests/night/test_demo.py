"""The demo, as somebody runs it who has just cloned the project."""

from __future__ import annotations

import re

from tests.night.conftest import Operator


def test_the_demo_names_what_to_open(operator: Operator) -> None:
    done = operator.plus360("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^maple-grove\s+published$", done.stdout, re.MULTILINE)
    assert re.search(r"^cedar-falls\s+stopped$", done.stdout, re.MULTILINE)
    paths = re.findall(r"^(?:  report|all districts)  (\S+)$", done.stdout, re.MULTILINE)
    assert len(paths) == 3
    assert all((operator.folder / path).is_file() for path in paths)

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
