"""Nightly runs whose import is delivered, as the operator, the receiver and support see them."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest

from sandbox import Sandbox, generated
from sandbox.server.receiver import Receiver, ReceiverFaults
from tests.delivery.delivered import DISTRICT, outcomes, published, received_run, stands, there, with_fault
from tests.night.conftest import Operator, refused

PASSWORD = "PLUS360_OAK_HILL_SFTP_PASSWORD"
KILL = "lambda *_: os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with Receiver(tmp_path_factory.mktemp("there")) as receiver:
        (receiver.folder / "incoming").mkdir()
        yield receiver


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(generated(students=40, seed=3)) as box:
        yield box


@pytest.fixture(scope="module")
def first(module_operator: Operator, receiver: Receiver, box: Sandbox) -> Operator:
    """An operator whose first nightly run with a delivery has ended."""
    module_operator.environment[PASSWORD] = receiver.password
    module_operator.tables["fleet"] = "[fleet]\nparquet = true\n"
    module_operator.knows(DISTRICT, box, delivery=receiver.delivery())
    done = module_operator.plus360("night", DISTRICT)
    assert done.returncode == 3, done.stdout + done.stderr
    return module_operator


def test_check_shows_whether_a_delivery_would_work(first: Operator, receiver: Receiver, box: Sandbox) -> None:
    receiver.operations.clear()
    done = first.plus360("check", DISTRICT, "--share", "page.html")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ Delivery" in done.stdout
    first.knows(DISTRICT, box, delivery={"sftp": receiver.address()})
    done = first.plus360("check", DISTRICT, "--json")
    assert done.returncode == 3, done.stdout + done.stderr
    item = json.loads(done.stdout)["results"][-1]
    assert (item["id"], item["state"], item["owner"]) == ("delivery", "failed", "plus360 operator")
    assert item["fix"][-1] == f'host_key = "{receiver.host_key}"'
    assert "Delivery" not in (first.folder / "page.html").read_text(encoding="utf-8"), "ours to fix"
    first.knows(DISTRICT, box, delivery=receiver.delivery())
    assert (receiver.operations, there(receiver)) == ([], {})


def test_the_first_load_waits_and_is_not_delivered_until_it_is_released(
    first: Operator, receiver: Receiver
) -> None:
    document = first.qa(DISTRICT)
    assert document["verdict"] == "held"
    assert [hold["rule"] for hold in document["load"]["holds"]] == ["load__first__confirmed"]
    assert document["delivery"] is None
    assert there(receiver) == {}
    assert "no run of oak-hill was published" in refused(first.plus360("deliver", DISTRICT))

    # The lists of whom a load affects have nothing to say about a first one: the files do.
    files = f"{DISTRICT}/nights/{first.nights(DISTRICT)[-1].name}/export"
    held = first.index()[DISTRICT]["held"]
    assert held["compare"] == files
    assert [command.split()[1] for command in held["commands"]] == ["release", "discard"]
    for text in ((first.data / "index.html").read_text(), first.plus360("status").stdout):
        assert files in text
        assert "plus360 worklist" not in text
    listed = first.plus360("worklist", DISTRICT).stdout
    assert f"{files} with the special-programs system" in listed
    assert "load-students.csv" not in listed

    done = first.plus360("release", DISTRICT, "--reason", "compared")
    assert done.returncode == 0, done.stdout + done.stderr
    run = published(first)
    assert f"run {run} was delivered" in done.stdout
    assert received_run(receiver) == run
    assert outcomes(first) == [(run, "delivered")]
    document = first.qa(DISTRICT)
    assert document["delivery"]["state"] == "delivered"
    report = (first.data / DISTRICT / "published" / "report.html").read_text(encoding="utf-8")
    assert "accepted by rename" in report
    assert "gave it its final name" in report
    assert "What this load did in" in report
    for text in (report, json.dumps(document)):
        assert "127.0.0.1" not in text
        assert str(receiver.port) not in text


def test_a_run_that_cannot_be_delivered_is_published_and_says_why(
    first: Operator, receiver: Receiver
) -> None:
    delivered = received_run(receiver)
    receiver.faults = ReceiverFaults(deny=True)
    done = first.plus360("night", DISTRICT)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "not delivered: the login may not write" in done.stdout
    assert published(first) != delivered
    assert outcomes(first)[-1] == (published(first), "permission_denied")
    assert first.qa(DISTRICT)["delivery"]["outcome"] == "permission_denied"
    report = (first.data / DISTRICT / "published" / "report.html").read_text(encoding="utf-8")
    assert "Not delivered: the login may not write" in report
    assert "plus360 deliver oak-hill" in report
    assert "Nothing is urgent" not in report
    assert "What this load will do in the special-programs system when it is delivered" in report
    document = first.qa(DISTRICT)
    assert (document["next_step"], document["next_owner"]) == ("deliver", "plus360 operator")
    assert document["run"]["detail_withheld"] is False
    done = with_fault(first, "from qa.report import render; del render.render_report")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "the login may not write" in done.stderr
    assert "could not be written down" in done.stderr
    assert (receiver.folder / "incoming" / "students.csv").exists()


def test_the_next_run_is_compared_with_what_was_delivered_and_is_delivered_once(
    first: Operator, receiver: Receiver
) -> None:
    [delivered] = [run for run, outcome in outcomes(first) if outcome == "delivered"]
    receiver.faults = ReceiverFaults()
    receiver.operations.clear()
    # What a scheduler runs after the exit code 1: a run that was not delivered is worth another one.
    done = first.plus360("night", "--all", "--unfinished")
    assert done.returncode == 0, done.stdout + done.stderr
    assert first.qa(DISTRICT)["load"]["baseline_run_id"] == delivered
    run = published(first)
    assert received_run(receiver) == run
    assert outcomes(first)[-1] == (run, "delivered")
    once = [*receiver.operations]
    assert once.count("rename manifest.json.part manifest.json") == 1
    refused(first.plus360("build", DISTRICT))
    assert receiver.operations == once
    done = first.plus360("deliver", DISTRICT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert receiver.operations.count("rename manifest.json.part manifest.json") == 2
    assert outcomes(first)[-2:] == [(run, "delivered")] * 2
    document = first.qa(DISTRICT)
    assert document["next_step"] != "deliver"


def test_what_is_there_stays_delivered_where_another_attempt_changed_nothing(
    first: Operator, receiver: Receiver
) -> None:
    receiver.faults = ReceiverFaults(deny=True)
    done = first.plus360("deliver", DISTRICT)
    receiver.faults = ReceiverFaults()
    assert done.returncode == 1, done.stdout + done.stderr
    assert outcomes(first)[-1] == (published(first), "permission_denied")
    assert received_run(receiver) == published(first)
    assert first.qa(DISTRICT)["delivery"]["state"] == "delivered"


def test_the_marts_of_all_published_runs_are_one_table(first: Operator) -> None:
    marts = first.data / "marts"
    runs = sorted({run for run, _ in outcomes(first)})
    with closing(duckdb.connect()) as con:
        table = f"read_parquet('{marts}/students/*/*/*.parquet', hive_partitioning = true)"
        rows = con.execute(f"select district, run, count(*) from {table} group by all order by run")
        assert rows.fetchall() == [(DISTRICT, run, 40) for run in runs]
    with closing(duckdb.connect(str(first.data / DISTRICT / "warehouse.duckdb"), read_only=True)) as con:
        tables = con.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    assert {path.name for path in marts.iterdir()} - {".new"} == {name for (name,) in tables}
    assert {path.stat().st_mode & 0o077 for path in [marts, *marts.rglob("*")]} == {0}
    assert not list(marts.glob(".new/*"))


def test_killed_between_the_upload_and_its_record(first: Operator, receiver: Receiver) -> None:
    fault = f"import os, signal; from night.delivery import deliver; deliver.record_delivery = {KILL}"
    done = with_fault(first, fault)
    assert done.returncode == -signal.SIGKILL
    before = outcomes(first)
    done = first.plus360("deliver", DISTRICT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(outcomes(first)) == len(before) + 1
    assert received_run(receiver) == published(first)


def test_a_delivery_that_hangs_is_at_work_until_it_is_interrupted(
    first: Operator, receiver: Receiver
) -> None:
    receiver.faults = ReceiverFaults(silent_on="rename")
    delivery = first.started("deliver", DISTRICT)
    assert receiver.silent.wait(60)
    before = outcomes(first)
    for run in ("interrupted", "permission_denied"):
        stands(first, run)
        status = first.plus360("status").stdout
        assert "plus360 deliver is at work since" in status
        assert "Deliver it" not in status
        assert ("Not delivered" in status) == (run != "interrupted")
    delivery.send_signal(signal.SIGTERM)
    _, errors = delivery.communicate(timeout=20)
    receiver.faults = ReceiverFaults()
    assert (delivery.returncode, errors) == (1, "interrupted. What was published before stays\n")
    assert outcomes(first) == before
    assert "Deliver it: plus360 deliver oak-hill" in first.plus360("status").stdout
    done = first.plus360("deliver", DISTRICT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_one_sees_the_password(first: Operator, receiver: Receiver) -> None:
    for path in first.data.rglob("*"):
        if path.is_file():
            assert receiver.password.encode() not in path.read_bytes(), path


def test_what_was_published_before_a_delivery_was_set_up_needs_a_persons_word(
    first: Operator, receiver: Receiver
) -> None:
    with closing(duckdb.connect(str(first.data / DISTRICT / "raw.duckdb"))) as raw:
        raw.execute("delete from history.deliveries; delete from history.decisions")
    receiver.operations.clear()
    said = refused(first.plus360("deliver", DISTRICT))
    assert "will be deleted there" in said
    assert f"nights/{published(first)}/export" in said
    assert receiver.operations == []
    done = first.plus360("deliver", DISTRICT, "--first")
    assert done.returncode == 0, done.stdout + done.stderr
    assert received_run(receiver) == published(first)
    done = first.plus360("deliver", DISTRICT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_without_delivery_in_the_settings_there_is_none_to_ask_for(first: Operator, box: Sandbox) -> None:
    first.knows("elm-creek", box)
    assert "settings deliver nothing" in refused(first.plus360("deliver", "elm-creek"))
