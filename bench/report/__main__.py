"""`python -m bench.report`: from a finished dbt build to a written and scanned report, step by step.

What a warm worker does: the process has done the same run before, so that everything is imported. The figures
are medians. Districts are built once and kept in the folder; a large one takes minutes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path, PurePath
from statistics import median

from bench.load_gate.runs import settings_of
from bench.report.district import SAMPLE_NAME, built
from district.folder import NightFolder
from district.run_id import started_at
from qa.contract import QaDocument
from qa.document import write_qa_json
from qa.redaction.allowed_text import AllowedText
from qa.redaction.scan import Scanner
from qa.report.render import render_report
from qa.verdict.document_file import read_document

HEADER = """\
| district | values | load values | qa.json | its scan | report | its scan | total | scanning | CPU | KB |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


class TimedScanner(Scanner):
    """A run's scanner that counts its own seconds.

    Attributes:
        seconds: of all checks of files so far.
    """

    seconds = 0.0

    def check(self, file: PurePath, text: str, allowed: AllowedText) -> None:
        """As Scanner does."""
        started = time.perf_counter()
        try:
            super().check(file, text, allowed)
        finally:
            self.seconds += time.perf_counter() - started

    def allowed_text(self, document: QaDocument, sentences: Iterable[str] = ()) -> AllowedText:
        """As Scanner does."""
        started = time.perf_counter()
        try:
            return super().allowed_text(document, sentences)
        finally:
            self.seconds += time.perf_counter() - started


def measure(night: NightFolder) -> tuple[float, ...]:
    """Seconds of loading the values, of qa.json, of its scan, of the report, of its scan."""
    begun = time.perf_counter()
    with TimedScanner(night) as scanner:
        loaded = time.perf_counter()
        settings = settings_of({})
        finished = started_at(night.run_id) + timedelta(seconds=95)
        document = write_qa_json(
            night, settings.name, finished_at=finished, scanner=scanner, settings=settings
        )
        written, scan_of_json = time.perf_counter(), scanner.seconds
        render_report(night, "redacted", scanner)
        rendered, scan_of_report = time.perf_counter(), scanner.seconds - scan_of_json
    if document.run.detail_withheld:
        raise RuntimeError("the scan found something: this is not what a nightly run usually does")
    return (
        loaded - begun,
        written - loaded - scan_of_json,
        scan_of_json,
        rendered - written - scan_of_report,
        scan_of_report,
    )


def main() -> None:
    """Measure, and print one line for each district."""
    parser = argparse.ArgumentParser(prog="python -m bench.report", description=__doc__)
    parser.add_argument("districts", nargs="*", default=[SAMPLE_NAME, "100000"], help="sample, or students")
    parser.add_argument("--folder", type=Path, required=True, help="where to keep the built districts")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(HEADER, flush=True)
    for name in options.districts:
        night = built(options.folder.resolve(), name)
        measure(night)  # warms up
        rounds, cpu = [], []
        for _ in range(options.rounds):
            begun = time.process_time()
            rounds.append(measure(night))
            cpu.append(time.process_time() - begun)
        steps = [median(step) for step in zip(*rounds, strict=True)]
        values = read_document(night)[0].run.scan.values
        figures = " | ".join(f"{seconds:.2f}" for seconds in steps)
        total = median(map(sum, rounds))
        scan = median(one[0] + one[2] + one[4] for one in rounds)
        size = night.report.stat().st_size / 1024
        sums = " | ".join(f"{seconds:.2f}" for seconds in (total, scan, median(cpu)))
        print(f"| {name} | {values:,} | {figures} | {sums} | {size:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
