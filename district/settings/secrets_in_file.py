"""Finds what looks like a secret in districts.toml: it must never be there."""

import re
from collections.abc import Iterator
from typing import Any

from district.credentials import KEYRING_SERVICE, secret_variable, sftp_variable
from district.settings.delivery import DeliverySettings
from district.settings.district import DistrictSettings

SECRET_NAME = re.compile(r"secret|passw|token|credential|private|api_?key", re.IGNORECASE)
# A GUID, a long hexadecimal number, or a long run of mixed letters and digits.
_SECRET_VALUE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,}|(?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z0-9+=]{24,}",
)
_MAY_LOOK_RANDOM = {
    "consumer_key",
    "base_url",
    "sis_url",
    "ca_bundle",
    "notify",  # its own validator looks
    "delivery.sftp",
    "delivery.host_key",
    "delivery.private_key_file",
}
_KNOWN = {*DistrictSettings.model_fields, *(f"delivery.{name}" for name in DeliverySettings.model_fields)}


def secrets_in(key: str, value: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - any TOML value
    """A line for each place of a district's table that looks like it holds a secret; never the secret."""
    if isinstance(value, dict):
        for name, inner in value.items():
            inside = f"{path}.{name}" if path else name
            if path in ("", "delivery") and inside not in _KNOWN and SECRET_NAME.search(name):
                yield _line(key, inside)
            else:
                yield from secrets_in(key, inner, inside)
    elif isinstance(value, list):
        for inner in value:
            yield from secrets_in(key, inner, path)
    elif isinstance(value, str):
        password = path == "base_url" and "@" in value.partition("//")[2].partition("/")[0]
        if password or (path not in _MAY_LOOK_RANDOM and _SECRET_VALUE.fullmatch(value.strip())):
            yield _line(key, path)


def _line(key: str, path: str) -> str:
    of_sftp = path.startswith("delivery")
    variable = sftp_variable(key) if of_sftp else secret_variable(key)
    name = f"{key}/sftp" if of_sftp else key
    return (
        f"districts.{key}.{path}: looks like a secret, and a secret must never be in this file. Remove it, "
        f"then set {variable} or run: keyring set {KEYRING_SERVICE} {name}"
    )
