"""The same with OpenSSH's own server, where this machine has one."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from district.settings.delivery import DeliverySettings
from night.delivery.errors import DeliveryError
from night.delivery.sftp import send
from night.delivery.upload import Upload

SSHD = shutil.which("sshd") or shutil.which("/usr/sbin/sshd")
CONTENT = b"1,Invented\r\n" * 50_000
CONFIG = """
ListenAddress 127.0.0.1
HostKey {folder}/host
HostKey {folder}/second
AuthorizedKeysFile {folder}/authorized
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
Subsystem sftp internal-sftp
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeliverySettings]:
    """A server of this account, with an empty folder there."""
    if SSHD is None:
        pytest.skip("OpenSSH's server is not installed")
    folder = tmp_path_factory.mktemp("sshd")
    host, login = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    host.write_private_key(folder / "host")
    second = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    second.write_private_key(folder / "second")
    second.write_public_key(folder / "second.pub")
    login.write_private_key(folder / "login")
    login.write_public_key(folder / "authorized")
    for key in ("host", "second", "login"):
        (folder / key).chmod(0o600)
    (folder / "sshd_config").write_text(CONFIG.format(folder=folder))
    (folder / "incoming").mkdir()
    if os.geteuid() == 0:  # a root's server wants this empty folder, which a package of it makes at boot
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [SSHD, "-D", "-e", "-p", str(port), "-f", str(folder / "sshd_config")],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        said = process.stderr.readline()
        if "listening" not in said:
            process.kill()
            pytest.skip("OpenSSH's server does not start for this account")
        yield DeliverySettings(
            sftp=f"sftp://{getpass.getuser()}@127.0.0.1:{port}/{folder / 'incoming'}",
            host_key=" ".join(host.export_public_key("openssh").decode().split()[:2]),
            private_key_file=folder / "login",
        )
        process.terminate()


def upload(content: bytes = CONTENT) -> Upload:
    return Upload("oak-hill", {"students.csv": content}, b'{"district": "oak-hill"}')


def incoming(server: DeliverySettings) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path("/", server.folder).iterdir()}


def test_it_is_delivered_and_delivered_over(server: DeliverySettings) -> None:
    for content in (CONTENT, CONTENT[:100]):
        send(upload(content), server, None, attempts=1)
        assert incoming(server) == {"students.csv": content, "manifest.json": b'{"district": "oak-hill"}'}


def test_any_of_its_host_keys_may_be_pinned(server: DeliverySettings) -> None:
    assert server.private_key_file
    second = server.private_key_file.with_name("second.pub").read_text(encoding="utf-8").strip()
    send(upload(), server.model_copy(update={"host_key": second}), None, attempts=1)
    assert incoming(server)["students.csv"] == CONTENT


def test_its_folder_is_found_from_the_root_where_the_user_has_none_of_that_name(
    server: DeliverySettings,
) -> None:
    plain = server.model_copy(update={"sftp": server.sftp.replace("//", "/").replace(":/", "://", 1)})
    send(upload(), plain, None, attempts=1)
    assert incoming(server)["students.csv"] == CONTENT


def test_a_full_disk_is_called_one(server: DeliverySettings) -> None:
    """/dev/full answers as a full disk does, whoever writes to it."""
    part = Path("/", server.folder, "students.csv.part")
    part.symlink_to("/dev/full")
    with pytest.raises(DeliveryError) as caught:
        send(upload(), server, None, attempts=1)
    assert caught.value.outcome.code in ("disk_full", "write_failed")
    part.unlink()


def test_its_key_and_login_are_checked(server: DeliverySettings, tmp_path: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519")
    other.write_private_key(tmp_path / "other")
    (tmp_path / "other").chmod(0o600)
    public = other.export_public_key("openssh").decode().split()[1]
    for change, code in (
        ({"host_key": f"ssh-ed25519 {public}"}, "host_key_changed"),
        ({"private_key_file": tmp_path / "other"}, "login_refused"),
        ({"sftp": server.sftp + "/nowhere"}, "no_folder"),
    ):
        with pytest.raises(DeliveryError) as caught:
            send(upload(), server.model_copy(update=change), None, attempts=1)
        assert caught.value.outcome.code == code
