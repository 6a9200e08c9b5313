"""`plus360 night --all` with a monitor, a notification and a contact: what each of them hears."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import pytest

from sandbox import Sandbox, generated
from tests.night.conftest import Operator
from tests.night.news.servers import WebHook, mail_server, web_hook

SECRET = "hush-hush"


@dataclass
class Told:
    """What came of one nightly run of two districts."""

    operator: Operator
    done: subprocess.CompletedProcess[str]
    hook: WebHook
    mails: list[EmailMessage]


@pytest.fixture(scope="module")
def told(module_operator: Operator) -> Iterator[Told]:
    operator = module_operator
    with web_hook() as hook, mail_server() as (port, mails), Sandbox(generated(students=40, seed=1)) as box:
        address = f"127.0.0.1:{hook.port}"
        contact = f"mailto://127.0.0.1:{port}?from=night@example.com&to=sis@district.example"
        operator.tables["[fleet]"] = (
            f'[fleet]\nnotify = ["json://{address}/{{secret}}"]\nping = "http://{address}/ping"\n'
        )
        operator.environment["PLUS360_FLEET_NOTIFY_PASSWORD"] = SECRET
        operator.knows("elm-city", box, notify=[contact])
        operator.knows("oak-hill", box, secret="wrong", notify=[contact])
        yield Told(operator, operator.plus360("night", "--all"), hook, mails)


def test_the_operator_gets_one_message(told: Told) -> None:
    assert told.done.returncode == 3, told.done.stdout + told.done.stderr
    (message,) = told.hook.notifications
    assert message["title"].startswith("plus360: 1 stopped")
    assert message["message"].startswith("Stopped: oak-hill: ")


def test_the_monitor_hears_the_start_and_the_exit_code(told: Told) -> None:
    paths = [path.partition("?")[0] for path, _ in told.hook.requests]
    assert paths == ["/ping/start", f"/{SECRET}", "/ping/3"]


def test_the_contact_gets_the_report_that_is_safe_to_email(told: Told) -> None:
    mail = next(mail for mail in told.mails if "Oak Hill Schools: stopped" in mail["Subject"])
    (report,) = mail.iter_attachments()
    (night,) = told.operator.nights("oak-hill")
    assert report.get_payload(decode=True) == (night / "report.html").read_bytes()


def test_the_secret_is_in_no_file_and_no_output(told: Told) -> None:
    files = [path for path in told.operator.data.rglob("*") if path.is_file()]
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]
    assert SECRET not in told.done.stdout + told.done.stderr
