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
