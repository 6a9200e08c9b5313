"""The secrets of a district's run, looked up on the machine that runs it."""

from __future__ import annotations

from pydantic import SecretStr

from district.credentials import CredentialError, Password, consumer_secret, sftp_password
from district.settings import DistrictSettings


def find_consumer_secret(district: DistrictSettings) -> SecretStr | CredentialError:
    """The consumer secret of a district, or why there is none."""
    try:
        return consumer_secret(district.key)
    except CredentialError as error:
        return error


def find_password(district: DistrictSettings) -> Password:
    """The password of a district's delivery, or why it can't be read; None where none is needed or set."""
    if district.delivery is None or district.delivery.private_key_file:
        return None
    try:
        return sftp_password(district.key)
    except CredentialError as error:
        return error
