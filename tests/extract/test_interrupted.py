"""Stopped, started twice, or out of room: nothing half-pulled counts, nothing of before is lost."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from pydantic import SecretStr

from district.folder import DistrictFolder
from district.run_id import new_run_id
from extract.errors import DiskFullError, DistrictBusyError, StoreBusyError, StoreUnreadableError
from extract.pull import pull_district
from extract.store.raw_store import FILE_NAME, read_store
from sandbox import Sandbox
from tests.extract.conftest import QUICK

# A pull in a process of its own: it gets settings and secret on standard input, progress goes out in lines.
CHILD = """
import json, resource, sys
from pathlib import Path
from pydantic import SecretStr
from extract.errors import DistrictError
from extract.pull import pull_district
from district.folder import DistrictFolder
from district.run_id import new_run_id
from district.folder import DistrictFolder
from district.settings import DistrictSettings

given = json.load(sys.stdin)
if given["most_bytes"]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (given["most_bytes"], resource.RLIM_INFINITY))
try:
    pull_district(
        DistrictSettings(**given["settings"]),
        SecretStr(given["secret"]),
        DistrictFolder(Path(given["directory"])).night(new_run_id()),
        lambda told: print(told.endpoint, told.state, flush=True),
    )
except DistrictError as error:
    print(type(error).__name__, error, flush=True)
"""

HANGING = {"slow_bytes": {"pause_seconds": 3600, "endpoints": ["Student"]}}


@contextmanager
def child(pull, box, most_bytes=0):
    """A running pull in a process of its own."""
    given = {
        "settings": box.settings(page_size=100).model_dump(mode="json"),
        "secret": box.consumer_secret,
        "directory": str(pull.directory),
        "most_bytes": most_bytes,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdin.write(json.dumps(given))
    process.stdin.close()
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def wait_for(process, line):
    for told in process.stdout:
        if told.strip() == line:
            return
    raise AssertionError(process.stderr.read())


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda stop: stop.name)
def test_what_was_interrupted_never_counts_and_the_next_run_starts_clean(pull, every_row_once, stop):
    before = pull()
    with Sandbox(pull.source, faults=HANGING) as box, child(pull, box) as process:
        wait_for(process, "UDRegUser complete")
        os.kill(process.pid, stop)
        process.wait(timeout=20)
    with read_store(pull.directory / FILE_NAME) as store:
        for endpoint in ("Student", "StudentContact", "UDRegUser"):
            orphans = store.execute(
                f'select count(*) from plus360."{endpoint}" where (run_id, endpoint) not in '
                "(select (run_id, endpoint) from plus360.pulls where state = 'complete')"
            ).fetchall()
            assert orphans == [(0,)]
    after = pull()
    every_row_once(before)
    every_row_once(after)
    assert not (pull.directory / "spool").exists()


def test_a_second_extract_of_the_same_district_says_so_and_leaves(pull):
    with Sandbox(pull.source, faults=HANGING) as box, child(pull, box) as process:
        wait_for(process, "UDRegUser complete")
        with pytest.raises(DistrictBusyError, match="small: another extract of this district is running"):
            night = DistrictFolder(pull.directory).night(new_run_id())
            pull_district(pull.district(box), SecretStr(box.consumer_secret), night, policy=QUICK)


def test_a_reader_in_another_program_is_waited_for_and_then_named(pull, monkeypatch):
    pull()
    monkeypatch.setattr("extract.store.raw_store.PATIENCE_SECONDS", 0.3)
    reading = (
        "import sys; from pathlib import Path; from extract.store.raw_store import read_store;"
        "store = read_store(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", reading, pull.directory / FILE_NAME],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        wait_for(reader, "open")
        with pytest.raises(StoreBusyError, match=rf"raw\.duckdb is open in \S+ \(process {reader.pid}\)"):
            pull()
        reader.stdin.close()


def test_a_reader_in_the_same_program_is_named(pull, monkeypatch):
    pull()
    monkeypatch.setattr("extract.store.raw_store.PATIENCE_SECONDS", 0.3)
    with read_store(pull.directory / FILE_NAME), pytest.raises(StoreBusyError):
        pull()


def test_a_damaged_store_is_named_and_left_alone(pull):
    pull.directory.mkdir()
    path = pull.directory / FILE_NAME
    path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreUnreadableError, match=r"raw\.duckdb is damaged"):
        pull()
    assert path.read_bytes() == b"no database at all" * 1000


@pytest.mark.parametrize("most_bytes", [20_000, 100_000])
def test_a_full_disk_is_one_clear_line_and_nothing_is_lost(pull, every_row_once, most_bytes):
    """No file may grow beyond some bytes: what a full disk looks like, without filling one."""
    before = pull()
    with Sandbox(pull.source) as box, child(pull, box, most_bytes) as process:
        told, trouble = process.stdout.read(), process.stderr.read()
    assert told.splitlines()[-1].startswith(DiskFullError.__name__ + " the disk is full"), trouble
    assert not trouble
    every_row_once(before)
    every_row_once(pull())


def test_everything_is_readable_by_its_owner_alone(pull):
    pull()
    assert pull.directory.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in pull.directory.iterdir()} == {0o600}
