"""A monitor hears that a run starts and how it ended; a monitor that is gone fails no run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer

from night.news.ping import Ping
from tests.night.news.servers import WebHook, web_hook


@pytest.fixture
def hook() -> Iterator[WebHook]:
    with web_hook() as server:
        yield server


def pinged(hook: WebHook) -> list[str]:
    """The last part of the addresses that were asked for."""
    return [path.partition("?")[0] for path, _ in hook.requests]


def test_the_start_and_the_exit_code_are_told_of_one_run(hook: WebHook) -> None:
    said: list[str] = []
    with Ping(f"http://127.0.0.1:{hook.port}/check", said.append) as ping:
        ping.exit_code = 3
    assert pinged(hook) == ["/check/start", "/check/3"]
    assert len({path.partition("?")[2] for path, _ in hook.requests}) == 1
    assert not said


@pytest.mark.parametrize(("shard", "told"), [(2, ["/of-2/start", "/of-2/0"]), (None, [])])
def test_each_shard_has_a_monitor_of_its_own_that_no_other_command_tells(
    hook: WebHook, shard: int | None, told: list[str]
) -> None:
    with Ping(f"http://127.0.0.1:{hook.port}/of-{{shard}}", lambda _: None, shard=shard) as ping:
        ping.exit_code = 0
    assert pinged(hook) == told


@pytest.mark.parametrize(("error", "code"), [(typer.Exit(2), 2), (KeyboardInterrupt(), 1), (OSError(), 1)])
def test_a_command_that_is_ended_tells_that_too(hook: WebHook, error: BaseException, code: int) -> None:
    with pytest.raises(type(error)), Ping(f"http://127.0.0.1:{hook.port}", lambda _: None) as ping:
        ping.exit_code = 0
        raise error
    assert pinged(hook)[-1] == f"/{code}"


def test_no_redirect_is_followed(hook: WebHook) -> None:
    said: list[str] = []
    hook.status = 302
    with Ping(f"http://127.0.0.1:{hook.port}/check", said.append):
        pass
    assert "/elsewhere" not in pinged(hook)
    assert said == ["the ping was not accepted: HTTP 302. Check [fleet] ping"] * 2


def test_a_monitor_that_is_gone_is_one_line_and_its_address_is_not_said() -> None:
    said: list[str] = []
    with web_hook() as hook:
        address = f"http://127.0.0.1:{hook.port}/a-secret-place"
    with Ping(address, said.append) as ping:
        ping.exit_code = 0
    assert set(said) == {"the ping could not be sent: no connection. Check [fleet] ping and the network"}
