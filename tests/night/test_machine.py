"""What a machine can do to a nightly run: one line names the problem and the fix, everywhere the same."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from pydantic import SecretStr

from district.folder import DistrictFolder
from district.settings.file import load_districts
from night.events import NightEvent
from night.fleet.all_districts import run_nights
from night.lock import Work
from night.machine.troubles import words_of
from night.machine.unfinished import record_unfinished
from night.pages.index import write_index
from night.record import NightRecord, NightResult
from sandbox import Sandbox, generated
from tests.night.conftest import Operator, without_events

DISTRICT = "oak-hill"
# The first run's raw.duckdb fits, its warehouse does not.
TMPFS = """
mount -t tmpfs -o size=14m,mode=0700 tmpfs "$PLUS360_DATA" && "$@"
code=$?; cp -a "$PLUS360_DATA/." "$OUT"; exit $code
"""


def namespace() -> list[str]:
    """A command's prefix with which it can mount something for itself alone."""
    who = [] if os.geteuid() == 0 else ["--map-root-user"]
    prefix = ["unshare", *who, "--mount"]
    tried = [*prefix, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    if not shutil.which("unshare") or subprocess.run(tried, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    return prefix


def test_a_full_disk_is_named_and_recorded(operator: Operator) -> None:
    prefix = namespace()
    with Sandbox(generated(students=60, seed=1)) as box:
        operator.knows(DISTRICT, box)
        operator.data.mkdir()
        out = operator.folder / "out"
        out.mkdir()
        done = subprocess.run(
            [*prefix, "sh", "-c", TMPFS, "sh", *operator.command("night", DISTRICT)],
            cwd=operator.folder,
            env=operator.env() | {"PLUS360_DATA": str(operator.data), "OUT": str(out)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    operator.data_folder = "out"
    assert done.returncode == 1, done.stdout + done.stderr
    assert without_events(done.stderr) == []
    full = "the disk is full: no room in the data folder. Free some space there"
    assert done.stdout.count(f"  {full}") == 1
    record = operator.record(DISTRICT)
    assert record["verdict"] == "failed"
    assert record["headline"].startswith(full)
    assert operator.index()[DISTRICT]["headline"] == record["headline"]


def secret_of(box: Sandbox) -> SecretStr:
    return SecretStr(box.consumer_secret)


def test_a_step_that_does_not_end_and_a_killed_process(
    operator: Operator, capfd: pytest.CaptureFixture[str]
) -> None:
    """At once: the build of one takes too long, the process of another is killed, one has no time at all."""

    def kill(event: NightEvent) -> None:
        if event.district == "killed" and event.step == "build":
            at_work = DistrictFolder.of(operator.data, "killed").at_work.read_text(encoding="utf-8")
            os.kill(Work.model_validate_json(at_work).process, signal.SIGKILL)

    with Sandbox(generated(students=20, seed=1)) as late, Sandbox(generated(students=20, seed=2)) as killed:
        operator.knows("late", late)
        operator.knows("killed", killed)
        operator.knows("hurried", late, run_budget_seconds=1.0)
        districts = list(load_districts(operator.folder / "districts.toml").values())
        results = run_nights(
            districts,
            {"killed": secret_of(killed), "late": secret_of(late), "hurried": secret_of(late)},
            data=operator.data,
            jobs=3,
            listen=kill,
            limit=lambda district, step: timedelta(
                seconds=0.1 if (district.key, step) == ("late", "build") else 600
            ),
        )
    write_index(operator.data, districts)
    assert results["late"].headline.startswith("the step build took longer than")
    assert results["killed"].headline.startswith("its process was ended from outside")
    assert results["hurried"].headline.startswith("the run took longer than 1 seconds (run_budget_seconds)")
    for key in results:
        record = operator.record(key)
        assert (record["verdict"], record["headline"]) == ("failed", results[key].headline)
        assert record["run_id"] == results[key].run_id
        assert operator.index()[key]["headline"] == results[key].headline
        with FileLock(operator.data / key / "build" / "night.lock", timeout=0):
            pass  # no process of that run holds the district any more
    assert "resource_tracker" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("number", "problem", "fix"),
    [
        (errno.ENOSPC, "the disk is full", "Free some space"),
        (errno.EDQUOT, "the disk is full", "Free some space"),
        (errno.EROFS, "the disk is read-only", "Make it writable"),
        (errno.EACCES, "no permission", "Give it to the account"),
        (errno.EMFILE, "out of file descriptors", "ulimit -n"),
        (errno.EIO, "the disk reports errors", "Check the disk"),
    ],
)
def test_an_error_number_has_a_name_and_a_fix(number: int, problem: str, fix: str) -> None:
    words = words_of(OSError(number, "Jane Doe", "Jane Doe"))
    assert words is not None
    assert words.startswith(problem)
    assert fix in words
    assert "Jane" not in words


def test_a_run_that_died_after_the_switch_is_published(tmp_path: Path) -> None:
    folder = DistrictFolder.of(tmp_path / "data", DISTRICT).make()
    died = NightResult.died(DISTRICT, -9)
    told = NightRecord.of_failed(folder.night("20261125T020000000Z"), "60 students.")
    nights = [folder.night(f"2026112{day}T020000000Z").make() for day in (5, 6)]
    for night in nights:  # both say so, and the link names the first
        told.model_copy(update={"run_id": night.run_id, "verdict": "published"}).write(night)
    folder.publish(nights[0])
    verdicts = [record_unfinished(night, died).verdict for night in nights]
    assert verdicts == ["published", "failed"]
    assert [(record.verdict, record.headline) for record in NightRecord.of_district(folder)] == [
        ("published", "60 students."),
        ("failed", died.headline),
    ]
    # Who ended it knows why; what the run said while it ended is not the reason.
    late = NightResult(DISTRICT, "failed", "interrupted")
    assert record_unfinished(nights[1], late, known=True).headline == late.headline
    assert record_unfinished(nights[1], died).headline == late.headline


def test_without_a_folder_for_temporary_files_it_says_so(known: Operator, tmp_path: Path) -> None:
    """The fork server's socket would be there, so that no process can be started."""
    script = "import sys, tempfile\ntempfile.tempdir = sys.argv.pop(1)\nfrom night.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "gone"), "night", DISTRICT],
        cwd=known.folder,
        env=known.env(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "the folder for temporary files is missing or can't be used. Set TMPDIR" in done.stdout
    assert known.index()[DISTRICT]["state"] == "failed"
    assert "Traceback" not in done.stdout + done.stderr


def test_too_few_files_are_on_the_index(known: Operator) -> None:
    done = subprocess.run(
        ["sh", "-c", 'ulimit -n 64; exec "$@"', "sh", *known.command("night", DISTRICT)],
        cwd=known.folder,
        env=known.env(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("out of file descriptors. Raise the limit")
    assert known.index()[DISTRICT]["state"] == "failed"
    assert known.index()[DISTRICT]["headline"] == done.stderr.strip()
