"""An attempt at the receiving server, and how it ended: whatever goes wrong is no exception here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from district.credentials import CredentialError, Password, without_secrets
from district.settings.delivery import DeliverySettings
from night.export import Manifest
from night.terminal.console import in_a_line
from qa.delivery import outcomes
from qa.delivery.outcomes import DELIVERED, DeliveryOutcome

if TYPE_CHECKING:
    from night.delivery.upload import Upload


@dataclass(frozen=True)
class Attempt:
    """How an attempt ended.

    Attributes:
        outcome: what happened; DELIVERED where all went well.
        addition: the server's host key as a line of the settings, or the place of an unexpected error.
        has_changed: whether something was changed on the server.
    """

    outcome: DeliveryOutcome
    addition: str = ""
    has_changed: bool = False

    @property
    def trouble(self) -> str | None:
        """What went wrong and what to do, in one line; None where all went well."""
        return None if self.outcome is DELIVERED else f"{self.outcome.words} {self.addition}".rstrip()


def attempt_delivery(
    manifest: Manifest, files: dict[str, bytes], to: DeliverySettings, password: Password
) -> Attempt:
    """Send an import.

    Args:
        manifest: of the import.
        files: that the manifest names.
        to: where.
        password: of the login, or why there is none; None with a private key.
    """
    sent: list[Upload] = []

    def send(secret: SecretStr | None) -> None:
        from night.delivery import sftp  # noqa: PLC0415
        from night.delivery.upload import Upload  # noqa: PLC0415

        sent.append(Upload(manifest.district, files, manifest.content()))
        sftp.send(sent[0], to, secret)

    return _attempt(send, to, password, sent)


def attempt_login(district: str, to: DeliverySettings, password: Password) -> Attempt:
    """Connect, log in and look into the folder; nothing is written there.

    Args:
        district: the district's key: another district's import may be in the folder.
        to: where.
        password: of the login, or why there is none; None with a private key.
    """

    def look(secret: SecretStr | None) -> None:
        from night.delivery import sftp  # noqa: PLC0415

        sftp.look(district, to, secret)

    return _attempt(look, to, password, [])


def _attempt(
    work: Callable[[SecretStr | None], None], to: DeliverySettings, password: Password, sent: list[Upload]
) -> Attempt:
    secret: SecretStr | None = None
    if not isinstance(password, CredentialError):
        secret = password
    elif to.private_key_file is None:
        return Attempt(outcomes.PASSWORD_UNREADABLE)
    # asyncssh is imported here: it takes a while, and most commands deliver nothing. It looks for libraries
    # by starting other programs, which must not find a secret in their environment.
    with without_secrets():
        from night.delivery.errors import DeliveryError  # noqa: PLC0415

        outcome, addition = DELIVERED, ""
        try:
            work(secret)
        except DeliveryError as error:
            outcome, addition = error.outcome, error.line_to_add
        except Exception as error:
            outcome, addition = outcomes.UNEXPECTED, in_a_line(error)
    return Attempt(outcome, addition, has_changed=any(upload.has_changed for upload in sent))
