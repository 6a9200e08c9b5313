"""What went wrong when an import was delivered. Texts of libraries and servers are never shown."""

from __future__ import annotations

import errno
import socket

import asyncssh

from district.errors import Plus360Error
from qa.delivery import outcomes
from qa.delivery.outcomes import DeliveryOutcome


class DeliveryError(Plus360Error):
    """An import was not delivered.

    Attributes:
        outcome: why.
        line_to_add: to the settings, where the server's host key is not there.
        needs_a_person: another attempt does not help until somebody has fixed something.
    """

    def __init__(self, outcome: DeliveryOutcome, line_to_add: str = "") -> None:
        """Args: outcome: why; line_to_add: to the settings, where the server's host key is not there."""
        super().__init__(f"{outcome.words} {line_to_add}".rstrip())
        self.outcome = outcome
        self.line_to_add = line_to_add
        self.needs_a_person = not outcome.transient


# The first that fits. Many of these are kinds of OSError, or of each other.
_BY_KIND: tuple[tuple[type[Exception] | tuple[type[Exception], ...], DeliveryOutcome], ...] = (
    (socket.gaierror, outcomes.NAME_NOT_FOUND),
    (TimeoutError, outcomes.TIMED_OUT),
    (ConnectionRefusedError, outcomes.CONNECTION_REFUSED),
    ((asyncssh.PermissionDenied, asyncssh.IllegalUserName), outcomes.LOGIN_REFUSED),
    (asyncssh.HostKeyNotVerifiable, outcomes.HOST_KEY_CHANGED),
    (asyncssh.KeyExchangeFailed, outcomes.NO_COMMON_METHOD),
    (
        (asyncssh.ConnectionLost, asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, ConnectionError),
        outcomes.DROPPED,
    ),
    ((asyncssh.ChannelOpenError, asyncssh.ProtocolError, asyncssh.ProtocolNotSupported), outcomes.NOT_SFTP),
    (asyncssh.DisconnectError, outcomes.DROPPED),
    ((asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded), outcomes.DISK_FULL),
    ((asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect), outcomes.PERMISSION_DENIED),
    ((asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath), outcomes.NO_FOLDER),
    (asyncssh.SFTPError, outcomes.WRITE_FAILED),
)
_NO_WAY = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}


def delivery_error(error: Exception) -> DeliveryError | None:
    """What an error of the connection or the server means; None where it is another kind of error."""
    if isinstance(error, DeliveryError):
        return error
    if isinstance(error, OSError) and error.errno in _NO_WAY:
        return DeliveryError(outcomes.NO_WAY)
    return next((DeliveryError(outcome) for kind, outcome in _BY_KIND if isinstance(error, kind)), None)
