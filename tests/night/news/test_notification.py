"""What the operator and a district's contact are told after a run: what is new, once, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from district.data_folder import DataFolder
from district.settings.fleet import Fleet, FleetSettings
from night.news import sending
from night.news.notification import tell_news
from night.pages.index import write_index
from night.record import NightResult
from tests.night.index_by_hand import district, had, reported
from tests.night.news.servers import WebHook, mail_server, silent_server, web_hook

GUARDIANS = "Held: this load would delete 412 of 1,874 guardians."


@pytest.fixture(scope="module")
def server() -> Iterator[WebHook]:
    with web_hook() as hook:
        yield hook


@pytest.fixture
def hook(server: WebHook) -> WebHook:
    server.requests.clear()
    server.status = 200
    return server


def fleet_of(*keys: str, notify: list[str], contacts: dict[str, list[str]] | None = None) -> Fleet:
    districts = {
        key: district(key).model_copy(update={"notify": (contacts or {}).get(key, [])}) for key in keys
    }
    return Fleet(settings=FleetSettings(notify=notify), districts=districts)


def told(fleet: Fleet, data: Path, *results: NightResult) -> list[str]:
    """What a command does at its end: the index, then the news; what went wrong with them."""
    by_key = {result.district: result for result in results}
    unrecorded = {key: result for key, result in by_key.items() if not result.recorded}
    write_index(data, list(fleet.districts.values()), unrecorded)
    return tell_news(fleet, data, by_key)


def result(key: str, verdict: str, headline: str = "as night.json says", **more: object) -> NightResult:
    return NightResult(key, verdict, headline, **more)  # type: ignore[arg-type]


def test_only_what_is_new_is_told(tmp_path: Path, hook: WebHook) -> None:
    fleet = fleet_of("elm", "oak", "pine", notify=[f"json://127.0.0.1:{hook.port}"])
    reported(tmp_path, "elm", "published", hours_ago=3, headline="Published.")
    reported(tmp_path, "oak", "held", hours_ago=3, headline=GUARDIANS)
    had(tmp_path, "pine", "published", hours_ago=60)
    ran = [result("elm", "published"), result("oak", "held")]
    assert not told(fleet, tmp_path, *ran)
    (first,) = hook.notifications
    assert first["title"] == "plus360: 1 no night, 1 held"
    missing, held, _, run, index = first["message"].splitlines()
    assert missing.startswith("No night: pine: ")
    assert held == "Held: oak: this load would delete 412 of 1,874 guardians."
    assert run == "This run: 1 held, 1 published."
    assert index == "All districts: the index page of plus360"

    # The same states in the next run are no news, whoever else runs what.
    reported(tmp_path, "oak", "held", hours_ago=2, headline=GUARDIANS)
    assert not told(fleet, tmp_path, *ran)
    assert len(hook.notifications) == 1

    reported(tmp_path, "oak", "published", hours_ago=1, headline="Published.")
    had(tmp_path, "pine", "failed", hours_ago=1)
    assert not told(fleet, tmp_path, result("oak", "published"), result("pine", "failed"))
    assert hook.notifications[1]["title"] == "plus360: 1 failed, 1 resolved"
    assert "Resolved: oak: Published." in hook.notifications[1]["message"]


def test_new_findings_and_what_to_fix_first(tmp_path: Path, hook: WebHook) -> None:
    fleet = fleet_of("elm", notify=[f"json://127.0.0.1:{hook.port}"])
    findings = {"students__last_name__filled": "error"}
    reported(tmp_path, "elm", "published", hours_ago=1, headline="Published.", findings=findings)
    assert not told(fleet, tmp_path, result("elm", "published"))
    line = "New findings: elm: Findings: 1 new. Fix first: 12 of 100 fail students__last_name__filled"
    assert hook.notifications[0]["message"].startswith(line)


def test_an_answer_without_an_end_is_given_up_before_the_memory_is(tmp_path: Path, hook: WebHook) -> None:
    fleet = fleet_of("oak", notify=[f"json://127.0.0.1:{hook.port}"])
    hook.is_endless = True
    (fault,) = told(fleet, tmp_path, result("oak", "stopped", recorded=False))
    hook.is_endless = False
    assert fault.endswith("could not be sent. Check the address, its secret and the network")
    assert hook.received < 2**30


def test_a_pause_forgets_nothing_and_is_no_news(tmp_path: Path, hook: WebHook) -> None:
    fleet = fleet_of("oak", notify=[f"json://127.0.0.1:{hook.port}"])
    words = "it is paused"
    for verdict in ("stopped", "paused", "stopped"):
        told(fleet, tmp_path, result("oak", verdict, words, recorded=False))
    assert [sent["title"] for sent in hook.notifications] == ["plus360: 1 stopped"]


def test_what_a_published_run_lacks_is_told(tmp_path: Path, hook: WebHook) -> None:
    fleet = fleet_of("elm", notify=[f"json://127.0.0.1:{hook.port}"])
    reported(tmp_path, "elm", "published", hours_ago=1, headline="Published.")
    told(fleet, tmp_path, result("elm", "published", undelivered="the server's key has changed"))
    told(fleet, tmp_path, result("elm", "published"))
    first, second = hook.notifications
    assert first["message"].startswith("Not delivered: elm: the server's key has changed")
    assert second["message"].startswith("Resolved: elm: Published.")


def test_hundreds_of_districts_fit_on_a_phone(tmp_path: Path, hook: WebHook) -> None:
    keys = [f"district-{number:03}" for number in range(300)]
    fleet = fleet_of(*keys, notify=[f"json://127.0.0.1:{hook.port}"])
    outage = [result(key, "failed", "no connection to the proxy", recorded=False) for key in keys[:250]]
    others = [result(key, "stopped", f"stopped for reason {key}", recorded=False) for key in keys[250:]]
    assert not told(fleet, tmp_path, *outage, *others)
    lines = hook.notifications[0]["message"].splitlines()
    assert len(lines) <= 24
    assert "and 32 more" in lines
    again = fleet_of(*keys, notify=fleet.settings.notify)
    DataFolder(tmp_path).told.write_text("damaged", encoding="utf-8")
    assert not told(again, tmp_path, *outage)
    line, *_ = hook.notifications[1]["message"].splitlines()
    assert line == (
        "Failed: 250 districts (district-000, district-001, district-002 ...): no connection to the proxy"
    )


def test_the_contact_of_a_district_gets_the_redacted_report(tmp_path: Path, hook: WebHook) -> None:
    with mail_server() as (port, received):
        mail = f"mailto://127.0.0.1:{port}?from=night@example.com&to=sis@district.example"
        fleet = fleet_of("elm", "oak", notify=[f"json://127.0.0.1:{hook.port}"], contacts={"oak": [mail]})
        reported(tmp_path, "oak", "held", hours_ago=1, headline=GUARDIANS)
        told(fleet, tmp_path, result("oak", "held"), result("elm", "stopped", "no secret", recorded=False))
        told(fleet, tmp_path, result("oak", "held"))
        # The network's trouble is the operator's.
        told(fleet, tmp_path, result("oak", "failed", "no connection", recorded=False))
    (message,) = received
    assert message["Subject"] == "plus360: Oak: held"
    (report,) = message.iter_attachments()
    assert report.get_filename() == "oak.html"
    assert report.get_payload(decode=True) == b"a report"
    text = message.as_string()
    assert GUARDIANS in text
    assert "elm" not in text


def test_what_nobody_received_is_told_again(tmp_path: Path, hook: WebHook) -> None:
    fleet = fleet_of("oak", notify=[f"json://127.0.0.1:{hook.port}"])
    stopped = result("oak", "stopped", "no secret", recorded=False)
    hook.status = 500
    (fault,) = told(fleet, tmp_path, stopped)
    assert fault.startswith("[fleet] notify, address 1 (json): the notification could not be sent")
    hook.status = 302
    assert told(fleet, tmp_path, stopped)
    assert not [path for path, _ in hook.requests if "elsewhere" in path]
    hook.status = 200
    assert not told(fleet, tmp_path, stopped)
    assert not told(fleet, tmp_path, stopped)
    assert len(hook.requests) == 3


def test_a_server_that_never_answers_holds_up_nothing(
    tmp_path: Path, hook: WebHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LIMIT_SECONDS", 2.0)
    with silent_server() as port:
        silent = f"mailto://127.0.0.1:{port}?from=a@example.com&to=b@example.com"
        fleet = fleet_of("oak", notify=[silent, f"json://127.0.0.1:{hook.port}"])
        (fault,) = told(fleet, tmp_path, result("oak", "stopped", "no secret", recorded=False))
    assert fault.startswith("[fleet] notify, address 1 (mailto): ")
    assert len(hook.notifications) == 1


def test_the_secret_stands_in_the_address_and_nowhere_else(
    tmp_path: Path, hook: WebHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"json://127.0.0.1:{hook.port}/{{secret}}/hook"
    fleet = fleet_of("oak", notify=[address, "nothing://{secret}"])
    stopped = result("oak", "stopped", "no secret", recorded=False)
    faults = told(fleet, tmp_path, stopped)
    assert all("PLUS360_FLEET_NOTIFY_PASSWORD" in fault for fault in faults)
    monkeypatch.setenv("PLUS360_FLEET_NOTIFY_PASSWORD", "hush-hush")
    (fault,) = told(fleet, tmp_path, stopped)
    assert "Apprise does not know this kind of address" in fault
    assert hook.requests[0][0] == "/hush-hush/hook"
    said = [*faults, fault, *(path.read_text() for path in tmp_path.glob("*.json")), hook.requests[0][1]]
    assert not [text for text in said if "hush-hush" in text]


def test_without_addresses_nothing_is_remembered(tmp_path: Path) -> None:
    fleet = fleet_of("oak", notify=[])
    assert not told(fleet, tmp_path, result("oak", "stopped", "no secret", recorded=False))
    assert not DataFolder(tmp_path).told.exists()
