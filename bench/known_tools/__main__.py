"""Writes the reports of known tools on one district's students, and measures them and ours alike."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.known_tools.examine import Examined, examine, personal_values
from district.checkout import DBT_PROJECT
from district.folder import DistrictFolder

HERE = Path(__file__).parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.known_tools", description=__doc__)
    parser.add_argument("district", type=Path, help="a district's folder with a published run")
    parser.add_argument("--folder", type=Path, required=True, help="where reports and pictures go")
    parser.add_argument("--tools", type=Path, help="a Python with great_expectations and pointblank")
    parser.add_argument("--ydata", type=Path, help="a Python with ydata-profiling")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    district = DistrictFolder(options.district.resolve())
    if district.published is None:
        parser.error("no run of this district was published")
    reports = {"plus360": district.published.report}
    for name, python, *arguments in (
        ("great_expectations", options.tools),
        ("pointblank", options.tools),
        ("ydata", options.ydata),
        ("ydata", options.ydata, "sensitive"),
    ):
        if python:
            label = " ".join([name, *arguments])
            page = options.folder / f"{label.replace(' ', '-')}.html"
            script = HERE / f"{name}_report.py"
            command = [python, script, district.published.warehouse, page, *arguments]
            subprocess.run(command, check=True, capture_output=True)
            reports[label] = page
    reports["dbt docs"] = _dbt_docs(district, options.folder)
    values = personal_values(district.published.warehouse)
    print("| | KB | scripts | fetches | text without script | personal values | WCAG AA | screens |")
    print("|---|---|---|---|---|---|---|---|")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        for label, page in reports.items():
            picture = options.folder / f"{label.replace(' ', '-')}.png"
            print(_row(label, examine(browser, page, values, picture)), flush=True)
    return 0


def _dbt_docs(district: DistrictFolder, folder: Path) -> Path:
    """dbt's own documentation of the project, as one page.

    To compile the models, dbt looks into the warehouse that it builds: in a copy of the district's folder.
    """
    page = folder / "dbt-docs.html"
    with tempfile.TemporaryDirectory() as place:
        copy, target = DistrictFolder(Path(place, district.key)), Path(place, "target")
        shutil.copytree(district.path, copy.path, symlinks=True)
        shutil.copyfile(district.warehouse, copy.new_warehouse)
        subprocess.run(
            [Path(sys.executable).with_name("dbt"), "docs", "generate", "--static", "--target-path", target],
            cwd=DBT_PROJECT, check=True, capture_output=True,
            env={**os.environ, "PLUS360_DISTRICT_DIR": str(copy.path), "DO_NOT_TRACK": "1"},
        )  # fmt: skip
        shutil.copyfile(target / "static_index.html", page)
    return page


def _row(label: str, seen: Examined) -> str:
    faults = ", ".join(f"{rule} x{number}" for rule, number in seen.violations.most_common(3)) or "none"
    return (
        f"| {label} | {seen.kilobytes:,} | {seen.scripts} | {seen.fetched} | {seen.without_script:.0%} "
        f"| {seen.personal:,} | {faults} | {seen.screens} |"
    )


if __name__ == "__main__":
    sys.exit(main())
