"""What is on the receiving system, and what the operator's records say of it."""

from __future__ import annotations

import hashlib
import json
import subprocess
from contextlib import closing

import duckdb

from sandbox.server.receiver import Receiver
from tests.night.conftest import Operator

DISTRICT = "oak-hill"


def there(receiver: Receiver) -> dict[str, str]:
    """SHA-256 of what the receiving system has, by name."""
    files = (receiver.folder / "incoming").iterdir()
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def received_run(receiver: Receiver) -> str:
    manifest = json.loads((receiver.folder / "incoming" / "manifest.json").read_text())
    assert {name: file["sha256"] for name, file in manifest["files"].items()} == {
        name: digest for name, digest in there(receiver).items() if name != "manifest.json"
    }
    return manifest["run_id"]


def outcomes(operator: Operator) -> list[tuple[str, str]]:
    """Run and outcome of each recorded delivery."""
    with closing(duckdb.connect(str(operator.data / DISTRICT / "raw.duckdb"), read_only=True)) as raw:
        return raw.execute("select run_id, outcome from history.deliveries order by finished_at").fetchall()


def published(operator: Operator) -> str:
    return (operator.data / DISTRICT / "published").readlink().name


def stands(operator: Operator, outcome: str) -> None:
    """The published run's last delivery ended like this."""
    path = operator.data / DISTRICT / "published" / "qa.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["delivery"] |= {"state": "not_delivered", "outcome": outcome}
    path.write_text(json.dumps(document), encoding="utf-8")


def with_fault(first: Operator, fault: str) -> subprocess.CompletedProcess[str]:
    """`plus360 deliver` in a process in which something is broken."""
    code = f"import sys; from night import cli; {fault}; sys.argv[1:] = ['deliver', '{DISTRICT}']; cli.main()"
    command = [first.command()[0], "-c", code]
    return subprocess.run(
        command, cwd=first.folder, env=first.env(), capture_output=True, text=True, check=False
    )
