"""A district's consumer secret: looked up when needed, held only in memory."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from district.errors import Plus360Error
from district.network.proxy import without_login

KEYRING_SERVICE = "plus360"


class CredentialError(Plus360Error):
    """No consumer secret was found for a district.

    Attributes:
        fault: why, where the district is named already.
    """

    needs_a_person = True

    def __init__(self, key: str, fault: str) -> None:
        super().__init__(key, fault)
        self.key, self.fault = key, fault

    def __str__(self) -> str:
        return f"{self.key}: {self.fault}"


# Of a delivery: the password, why it can't be read, or None where none is needed.
Password = SecretStr | CredentialError | None


def secret_variable(key: str) -> str:
    """The environment variable of a district's secret: `grand-bend` gives `PLUS360_GRAND_BEND_SECRET`."""
    return f"PLUS360_{key.upper().replace('-', '_')}_SECRET"


def sftp_variable(key: str) -> str:
    """The environment variable of the password with which a district's import is delivered."""
    return f"PLUS360_{key.upper().replace('-', '_')}_SFTP_PASSWORD"


# The secret in the addresses of notifications is one for all districts.
NOTIFY_VARIABLE = "PLUS360_FLEET_NOTIFY_PASSWORD"


def consumer_secret(key: str) -> SecretStr:
    """The consumer secret of the district `key`.

    Looked for in the environment, then in the system keyring, then in `$CREDENTIALS_DIRECTORY/plus360-<key>`
    (systemd's LoadCredential). Blanks and line ends around it are not part of it.

    Raises:
        CredentialError: none of the three has it.
    """
    if secret := _look(secret_variable(key), key, f"plus360-{key}", key):
        return secret
    raise CredentialError(
        key,
        f"no consumer secret found. Set {secret_variable(key)}, put it in the file plus360-{key} in "
        f"$CREDENTIALS_DIRECTORY, or run: keyring set {KEYRING_SERVICE} {key}",
    )


def sftp_password(key: str) -> SecretStr | None:
    """The password with which a district's import is delivered; None where there is none.

    Looked for in the same places: the variable, `<key>/sftp` of the keyring, the file `plus360-<key>.sftp`.

    Raises:
        CredentialError: the file can't be read.
    """
    return _look(sftp_variable(key), f"{key}/sftp", f"plus360-{key}.sftp", key)


def notify_secret() -> SecretStr | None:
    """What stands for `{secret}` in the addresses of notifications; None where there is none.

    Looked for in the same places: the variable, `fleet/notify` of the keyring, the file
    `plus360-fleet.notify`.

    Raises:
        CredentialError: the file can't be read.
    """
    return _look(NOTIFY_VARIABLE, "fleet/notify", "plus360-fleet.notify", "fleet.notify")


def _look(variable: str, name: str, file: str, whose: str) -> SecretStr | None:
    """A secret from the first of the three places that has it."""
    found = (
        os.environ.get(variable, "").strip()
        or _from_keyring(name).strip()
        or _from_credentials_directory(file, whose).strip()
    )
    return SecretStr(found) if found else None


def _from_keyring(name: str) -> str:
    """A secret of the system keyring; "" where there is none.

    The import of keyring looks for libraries by starting gcc or ldconfig, and its backends may start others.
    """
    own = {
        variable: value for variable, value in os.environ.items() if _KEYRING_VARIABLES.fullmatch(variable)
    }
    with without_secrets(**own):
        import keyring  # noqa: PLC0415 - most commands look for no secret
        from keyring.errors import KeyringError  # noqa: PLC0415

        try:
            return keyring.get_password(KEYRING_SERVICE, name) or ""
        except KeyringError:  # no keyring here, or a locked one: the secret may be in the third place
            return ""


def _from_credentials_directory(file: str, whose: str) -> str:
    directory = os.environ.get("CREDENTIALS_DIRECTORY")
    if not directory:
        return ""
    try:
        return (Path(directory) / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise CredentialError(
            whose,
            f"the file {file} in $CREDENTIALS_DIRECTORY can't be read. Fix its permissions and "
            "encoding (UTF-8)",
        ) from None


# Which keyring is consulted, and what it needs.
_KEYRING_VARIABLES = re.compile(r"(PYTHON_)?KEYRING_\w+", re.IGNORECASE)
# Variables that hold a secret of ours, or say where secrets are.
_SECRET_VARIABLES = re.compile(
    rf"PLUS360_\w+_(SECRET|PASSWORD)|CREDENTIALS_DIRECTORY|{_KEYRING_VARIABLES.pattern}", re.IGNORECASE
)


def environment_without_secrets() -> dict[str, str]:
    """This process's environment for a child process: without districts' secrets and a proxy's login."""
    return {
        name: without_login(name, value)
        for name, value in os.environ.items()
        if not _SECRET_VARIABLES.fullmatch(name)
    }


@contextmanager
def without_secrets(**variables: str) -> Iterator[None]:
    """Inside, this process's environment holds no secret: what a library starts or runs there has none.

    Args:
        variables: set inside, besides.
    """
    before = dict(os.environ)
    clean = environment_without_secrets() | variables
    _replace_environment(clean)
    try:
        yield
    finally:
        _replace_environment(before)


def _replace_environment(wanted: dict[str, str]) -> None:
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update(wanted)
