"""Where a consumer secret comes from, in this order."""

import os
import subprocess
import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError

from district.credentials import CredentialError, consumer_secret
from tests.conftest import PROJECT


class OneSecret(KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        return "from the keyring" if (service, username) == ("plus360", "grand-bend") else None

    def set_password(self, service, username, password): ...


class Locked(OneSecret):
    def get_password(self, service, username):
        raise KeyringLocked("locked")


class NoKeyring(OneSecret):
    def get_password(self, service, username):
        raise NoKeyringError("none")


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    monkeypatch.delenv("PLUS360_GRAND_BEND_SECRET", raising=False)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield
    keyring.set_keyring(before)


def test_environment_then_keyring_then_credentials_directory(monkeypatch, tmp_path):
    (tmp_path / "plus360-grand-bend").write_text("from a file\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert consumer_secret("grand-bend").get_secret_value() == "from a file"
    keyring.set_keyring(OneSecret())
    assert consumer_secret("grand-bend").get_secret_value() == "from the keyring"
    monkeypatch.setenv("PLUS360_GRAND_BEND_SECRET", " from the environment\n")
    assert consumer_secret("grand-bend").get_secret_value() == "from the environment"
    assert "environment" not in str(consumer_secret("grand-bend"))


@pytest.mark.parametrize("backend", [NoKeyring, Locked, OneSecret])
def test_none_is_one_clear_line(backend):
    keyring.set_keyring(backend())
    with pytest.raises(CredentialError, match=r"other-isd: .* PLUS360_OTHER_ISD_SECRET"):
        consumer_secret("other-isd")


def test_a_file_that_cannot_be_read_is_named_and_not_quoted(monkeypatch, tmp_path):
    (tmp_path / "plus360-grand-bend").write_bytes(b"\xff\xfesecret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(CredentialError, match="can't be read") as caught:
        consumer_secret("grand-bend")
    assert "secret\n" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(sys.platform != "linux", reason="keyring looks for libraries with gcc")
def test_what_keyring_starts_sees_no_secret(tmp_path):
    compiler = tmp_path / "gcc"
    compiler.write_text(f"#!/bin/sh\nenv >> {tmp_path / 'seen'}\n")
    compiler.chmod(0o700)
    environment = {name: value for name, value in os.environ.items() if "KEYRING" not in name} | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "CREDENTIALS_DIRECTORY": str(tmp_path),
        "PLUS360_ANOTHER_ISD_SECRET": "words-of-another",
        "PLUS360_ANOTHER_ISD_SFTP_PASSWORD": "more-words",
    }
    (tmp_path / "plus360-oak-hill").write_text("from a file")
    code = (
        "from district.credentials import consumer_secret; "
        "print(consumer_secret('oak-hill').get_secret_value(), consumer_secret('another-isd'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "from a file **********\n", "the environment is as before afterwards"
    seen = (tmp_path / "seen").read_text()
    assert "PATH=" in seen
    assert "words" not in seen
    assert "CREDENTIALS_DIRECTORY" not in seen
