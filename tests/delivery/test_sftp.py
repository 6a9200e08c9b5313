"""An import on its way to a real SFTP server, that misbehaves or not."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest
from pydantic import SecretStr

from district.settings.delivery import DeliverySettings
from night.delivery.errors import DeliveryError
from night.delivery.sftp import send
from night.delivery.upload import Upload
from sandbox.server.receiver import Receiver, ReceiverFaults

STUDENTS = b"Student Id,Last Name\r\n" + b"1,Invented\r\n" * 100_000
GUARDIANS = b"Student Id,Guardian Id\r\n" + b"1,2\r\n" * 100_000
KEY = asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with Receiver(tmp_path_factory.mktemp("there")) as receiver:
        receiver.authorized = KEY
        yield receiver


@pytest.fixture
def there(server: Receiver) -> Iterator[Receiver]:
    """The server, behaving well, and its folder as an earlier delivery left it."""
    folder = server.folder / "incoming"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    (folder / "guardians.csv").write_text("old")
    (folder / "manifest.json").write_text('{"district": "oak-hill", "run_id": "old"}')
    server.faults = ReceiverFaults()
    server.received = 0
    server.operations.clear()
    yield server


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "id"
    KEY.write_private_key(path)
    path.chmod(0o600)
    return path


def upload(district: str = "oak-hill", *, guardians: bool = True) -> Upload:
    files = {"students.csv": STUDENTS} | ({"guardians.csv": GUARDIANS} if guardians else {})
    manifest = {
        "district": district,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return Upload(district, files, json.dumps(manifest).encode())


def settings(receiver: Receiver, **more: object) -> DeliverySettings:
    return DeliverySettings.model_validate(receiver.delivery(**more))


def deliver(
    receiver: Receiver,
    its: Upload | None = None,
    attempts: int = 1,
    password: str | None = "",
    **more: object,
) -> None:
    secret = None if password is None else SecretStr(password or receiver.password)
    send(its or upload(), settings(receiver, **more), secret, attempts=attempts)


def refused(receiver: Receiver, its: Upload | None = None, **more: object) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        deliver(receiver, its, **more)
    text = str(caught.value)
    assert "\n" not in text
    assert receiver.password not in text
    return caught.value


def found(receiver: Receiver) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (receiver.folder / "incoming").iterdir()}


def assert_in_place(receiver: Receiver) -> None:
    files = found(receiver)
    assert files.keys() == {"students.csv", "guardians.csv", "manifest.json"}
    named = json.loads(files["manifest.json"])["files"]
    assert named == {name: hashlib.sha256(files[name]).hexdigest() for name in named}


def test_the_manifest_goes_first_and_comes_last(there: Receiver) -> None:
    deliver(there)
    assert_in_place(there)
    assert there.operations == [
        "remove manifest.json",
        "write students.csv.part",
        "write guardians.csv.part",
        "rename students.csv.part students.csv",
        "rename guardians.csv.part guardians.csv",
        "write manifest.json.part",
        "rename manifest.json.part manifest.json",
    ]


def test_a_server_that_cannot_rename_over_a_file(there: Receiver) -> None:
    there.faults.plain_rename = True
    deliver(there)
    assert_in_place(there)


def test_a_private_key_logs_in_and_no_other_way_is_tried(there: Receiver, key_file: Path) -> None:
    deliver(there, password=None, private_key_file=str(key_file))
    assert_in_place(there)
    other = key_file.with_name("other")
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(other)
    other.chmod(0o600)
    before = there.logins
    assert refused(there, private_key_file=str(other)).outcome.code == "login_refused"
    other.chmod(0o644)
    assert refused(there, private_key_file=str(other)).outcome.code == "private_key_exposed"
    KEY.write_private_key(other, "pkcs8-pem", passphrase="words")
    other.chmod(0o600)
    assert refused(there, private_key_file=str(other)).outcome.code == "private_key_unreadable"
    assert there.logins == before


def test_old_guardians_are_removed_where_the_import_has_none(there: Receiver) -> None:
    deliver(there, upload(guardians=False))
    assert found(there).keys() == {"students.csv", "manifest.json"}


def test_a_connection_that_is_cut_mid_file_goes_on_where_it_was(there: Receiver) -> None:
    there.faults.cut_after = len(STUDENTS) // 2
    deliver(there, attempts=2)
    assert_in_place(there)
    # Not twice: what had arrived was kept.
    assert there.received < len(STUDENTS) * 1.3 + len(GUARDIANS)


def test_without_another_attempt_no_manifest_speaks_for_half_a_file(there: Receiver) -> None:
    there.faults.cut_after = len(STUDENTS) // 2
    error = refused(there)
    assert (error.outcome.code, error.needs_a_person) == ("dropped", False)
    assert "manifest.json" not in found(there)
    assert "students.csv" not in found(there)
    deliver(there)
    assert_in_place(there)


def test_a_slow_link(there: Receiver) -> None:
    there.faults.latency = 0.005
    deliver(there)
    assert_in_place(there)


def test_a_server_that_answers_no_more_is_given_up(there: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for then, not even that it closes the file: an interruption would wait, too."""
    monkeypatch.setattr("night.delivery.upload.IDLE_SECONDS", 0.2)
    there.faults.latency = 3600
    assert refused(there).outcome.code == "timed_out"


@pytest.mark.parametrize("operation", ["stat", "open", "remove", "rename"])
def test_nothing_is_waited_for_without_end(
    there: Receiver, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    monkeypatch.setattr("night.delivery.upload.IDLE_SECONDS", 0.2)
    there.faults.silent_on = operation
    assert refused(there).outcome.code == "timed_out"


def test_a_server_that_renames_nothing_gets_no_manifest(there: Receiver) -> None:
    there.faults.false_rename = True
    assert refused(there).outcome.code == "size_differs"
    assert "manifest.json" not in found(there)


@pytest.mark.parametrize(
    ("fault", "code"), [({"full_after": 100_000}, "disk_full"), ({"deny": True}, "permission_denied")]
)
def test_what_the_server_refuses(there: Receiver, fault: dict[str, object], code: str) -> None:
    there.faults = ReceiverFaults(**fault)  # type: ignore[arg-type]
    error = refused(there, attempts=3)
    assert (error.outcome.code, error.needs_a_person) == (code, True)
    assert "students.csv" not in found(there)


def test_another_districts_folder_is_left_alone(there: Receiver) -> None:
    before = found(there)
    assert refused(there, upload("maple-grove")).outcome.code == "other_district"
    assert found(there) == before


def test_an_unknown_host_gets_nothing_and_the_line_to_add_is_shown(there: Receiver) -> None:
    before, logins = found(there), there.logins
    error = refused(there, host_key=None)
    assert error.outcome.code == "host_key_unknown"
    assert str(error).endswith(f'host_key = "{there.host_key}"')
    other = Receiver(there.folder)
    error = refused(there, host_key=other.host_key)
    assert error.outcome.code == "host_key_changed"
    assert str(error).endswith(f'host_key = "{there.host_key}"')
    kind = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    error = refused(there, host_key=Receiver(there.folder, host_key=kind).host_key)
    assert error.outcome.code == "host_key_changed"
    assert refused(there, host_key="ssh-ed25519 AAAA").outcome.code == "host_key_unusable"
    assert (found(there), there.logins) == (before, logins)


def test_what_is_wrong_with_login_folder_and_address(there: Receiver) -> None:
    assert refused(there, password="wrong").outcome.code == "login_refused"
    assert refused(there, password=None).outcome.code == "no_login"
    assert refused(there, folder="nowhere").outcome.code == "no_folder"
    assert refused(there, sftp="sftp://imports@127.0.0.1:1/incoming").outcome.code == "connection_refused"
    gone = "sftp://imports@nowhere.invalid/incoming"
    assert refused(there, sftp=gone).outcome.code == "name_not_found"


def test_nothing_of_this_accounts_own_ssh_setup_is_used(
    there: Receiver, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key in ~/.ssh and a configuration that would let anybody in: neither counts."""
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    os.link(key_file, home / ".ssh" / "id_ed25519")
    (home / ".ssh" / "config").write_text("Host *\n  StrictHostKeyChecking no\n  Port 1\n")
    monkeypatch.setenv("HOME", str(home))
    assert refused(there, password="wrong").outcome.code == "login_refused"
