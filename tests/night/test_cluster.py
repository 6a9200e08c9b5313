"""`night --all --cluster`: two workers, one of which is killed in the middle of a run; what is refused."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from distributed import Client

from bench.cluster.dask_processes import Cluster, cluster, environment_of, until
from night.fleet.cluster import ClusterError, refuse_other_machines, run_on_cluster
from night.fleet.cluster_task import GONE, Order, code_version, run_district
from night.machine.interruption import Interruption
from night.record import NightResult
from sandbox import Sandbox, generated
from tests.night.conftest import Operator, refused
from tests.night.index_by_hand import district, had, run_id_of

DISTRICTS = ("ash", "birch", "cedar")


@pytest.fixture(scope="module")
def operator(module_operator: Operator) -> Iterator[Operator]:
    with Sandbox(generated(students=40, seed=1)) as box:
        for key in DISTRICTS:
            module_operator.knows(key, box)
        yield module_operator


@pytest.fixture(scope="module")
def two_workers(operator: Operator) -> Iterator[Cluster]:
    with cluster(operator.folder, environment_of(operator.env()), workers=2) as its:
        yield its


def at_work(operator: Operator, key: str) -> int:
    """The process that runs a district, once its run has a folder."""
    until(lambda: operator.nights(key))
    return int(json.loads((operator.data / key / "build" / "at-work.json").read_text())["process"])


def published_runs(operator: Operator, key: str) -> list[str]:
    with duckdb.connect(str(operator.data / key / "raw.duckdb"), read_only=True) as raw:
        found = raw.sql("select run_id from history.nights where verdict = 'published'").fetchall()
    return [run_id for (run_id,) in found]


def order_in(data: Path) -> Order:
    token = data / "cluster.token"
    token.write_text("goes on")
    return Order(data, token, code_version())


def test_workers_that_could_not_do_the_same_are_refused(two_workers: Cluster, tmp_path: Path) -> None:
    order = order_in(tmp_path)
    with Client(two_workers.address) as client:
        client.wait_for_workers(2)
        refuse_other_machines(client, order)
        with pytest.raises(ClusterError, match="another version of plus360"):
            refuse_other_machines(client, replace(order, code="another"))
        with pytest.raises(ClusterError, match="storage that all machines share"):
            refuse_other_machines(client, replace(order, token=tmp_path / "elsewhere"))


def test_a_cluster_that_can_not_be_used_is_one_line(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = refused(operator.plus360("night", "--all", "--cluster", "nowhere"))
    assert "no Dask scheduler answers" in line
    monkeypatch.setattr("night.fleet.cluster.CONNECT_SECONDS", 1)
    with Interruption() as interruption, pytest.raises(ClusterError, match="no Dask scheduler answers"):
        run_on_cluster(
            "tcp://127.0.0.1:9", [], data=operator.data, listen=lambda _: None, interruption=interruption
        )
    assert not operator.nights("ash")


def test_an_interrupted_command_ends_the_runs_on_the_workers(
    operator: Operator, two_workers: Cluster
) -> None:
    command = operator.started("night", "--all", "--cluster", two_workers.address)
    at_work(operator, "ash")
    command.send_signal(signal.SIGINT)
    said, errors = command.communicate(timeout=120)
    assert command.returncode == 1, said + errors
    assert "interrupted" in errors
    assert operator.record("ash")["verdict"] == "failed"
    assert not [key for key in DISTRICTS if (operator.data / key / "published").exists()]
    assert not list(operator.data.glob("cluster-*"))


def test_a_killed_worker_costs_no_district_and_publishes_none_twice(
    operator: Operator, two_workers: Cluster
) -> None:
    before = len(operator.nights("ash"))
    command = operator.started("night", "--all", "--cluster", two_workers.address)
    until(lambda: len(operator.nights("ash")) > before)
    two_workers.kill_the_worker_above(at_work(operator, "ash"))
    said, errors = command.communicate(timeout=240)
    assert command.returncode == 0, said + errors
    for key in DISTRICTS:
        (run,) = published_runs(operator, key)
        assert (operator.data / key / "published").resolve().name == run
    assert {line["state"] for line in operator.index().values()} == {"published"}


@pytest.mark.parametrize("verdict", ["held", "stopped"])
def test_a_run_that_another_worker_ended_is_not_repeated(tmp_path: Path, verdict: str) -> None:
    had(tmp_path, "oak", verdict, hours_ago=1)  # type: ignore[arg-type]
    result = run_district(district("oak"), order_in(tmp_path), run_id_of(2))
    assert (result.verdict, result.run_id) == (verdict, run_id_of(1))


def test_nothing_begins_once_the_command_is_gone(tmp_path: Path) -> None:
    had(tmp_path, "oak", "held", hours_ago=1)
    gone = replace(order_in(tmp_path), token=tmp_path / "elsewhere")
    result = run_district(district("oak"), gone, run_id_of(1))
    assert result == NightResult("oak", "failed", GONE, recorded=False, tried=False)
