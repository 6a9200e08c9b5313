"""Where an import is delivered: what may be in the settings, and where its password is."""

from __future__ import annotations

from pathlib import Path

import pytest

from district.credentials import environment_without_secrets, sftp_password
from district.settings.file import SettingsError, load_districts

DISTRICT = """
[districts.{key}]
name = "{key}"
base_url = "https://hac.district.example/plus360api/v1/abc/"
consumer_key = "OneRoster_ABC_123"
[districts.{key}.delivery]
{delivery}
"""


def write(path: Path, **deliveries: str) -> Path:
    file = path / "districts.toml"
    tables = (DISTRICT.format(key=key, delivery=delivery) for key, delivery in deliveries.items())
    file.write_text("".join(tables), encoding="utf-8")
    return file


def refused(file: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        load_districts(file)
    [line] = caught.value.lines
    return line


def test_the_address_has_a_user_a_folder_and_no_password(tmp_path: Path) -> None:
    file = write(tmp_path, oak='sftp = "sftp://im%40ports@files.example:2222/a/b"')
    delivery = load_districts(file)["oak"].delivery
    assert delivery
    assert (delivery.user, delivery.host, delivery.port) == ("im@ports", "files.example", 2222)
    assert delivery.folder == "a/b"
    line = refused(write(tmp_path, oak='sftp = "sftp://user:Hunter2@files.example/a"'))
    assert "password" in line
    assert "Hunter2" not in line


@pytest.mark.parametrize(
    "sftp", ["files.example/a", "ftp://u@files.example/a", "sftp://files.example/a", "sftp://u@files.example"]
)
def test_an_address_that_can_not_be_used(tmp_path: Path, sftp: str) -> None:
    assert "districts.oak.delivery.sftp: " in refused(write(tmp_path, oak=f'sftp = "{sftp}"'))


def test_a_key_that_is_no_key_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    address = 'sftp = "sftp://u@files.example/a"\n'
    assert "delivery.host_key: " in refused(write(tmp_path, oak=f'{address}host_key = "AAAA"'))
    assert "delivery.private_key_file: " in refused(write(tmp_path, oak=f'{address}private_key_file = "no"'))
    (tmp_path / "key").touch()
    known = load_districts(write(tmp_path, oak=f'{address}private_key_file = "key"'))
    assert known["oak"].delivery
    assert known["oak"].delivery.private_key_file == tmp_path / "key"


def test_two_districts_never_share_a_folder(tmp_path: Path) -> None:
    file = write(
        tmp_path, oak='sftp = "sftp://u@files.example/a"', elm='sftp = "sftp://u@files.example:22/a/"'
    )
    line = refused(file)
    assert "districts.elm.delivery.sftp" in line
    assert "districts.oak" in line


def test_the_password_is_found_and_reaches_no_child_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert sftp_password("oak-hill") is None
    (tmp_path / "plus360-oak-hill.sftp").write_text("from a file\n", encoding="utf-8")
    found = sftp_password("oak-hill")
    assert found
    assert found.get_secret_value() == "from a file"
    monkeypatch.setenv("PLUS360_OAK_HILL_SFTP_PASSWORD", "from the environment")
    found = sftp_password("oak-hill")
    assert found
    assert found.get_secret_value() == "from the environment"
    assert "from the environment" not in environment_without_secrets().values()
