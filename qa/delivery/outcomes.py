"""Everything that can happen when an import is delivered: what it means, and what to do.

The terminal, the report and qa.json render from this table. Nothing here is text that a server sent.
"""

from __future__ import annotations

from dataclasses import dataclass

_RECEIVER = "Ask whoever runs the receiving server"


@dataclass(frozen=True)
class DeliveryOutcome:
    """One thing that can happen. The plus360 operator acts on each; some need the receiver's help.

    Attributes:
        code: as in history.deliveries and qa.json.
        meaning: completes "Not delivered: ...".
        fix: what to do next.
        transient: another attempt may succeed although no one did anything.
    """

    code: str
    meaning: str
    fix: str
    transient: bool = False

    @property
    def words(self) -> str:
        """One line for people."""
        return f"{self.meaning}. {self.fix}"


# fmt: off
DELIVERED = DeliveryOutcome(
    "delivered", "delivered", "Nothing to do.",
)

# The connection.
NAME_NOT_FOUND = DeliveryOutcome(
    "name_not_found", "the name of the receiving server was not found",
    "Check sftp in the district's delivery settings, and this machine's DNS.", transient=True,
)
CONNECTION_REFUSED = DeliveryOutcome(
    "connection_refused", "the receiving server refused the connection",
    "Deliver again later. If it stays like this, check the port in sftp, and ask whoever runs the receiving "
    "server whether it allows this machine's address.", transient=True,
)
NO_WAY = DeliveryOutcome(
    "no_way", "there is no way to the receiving server",
    "Check this machine's network and firewall, then deliver again.", transient=True,
)
TIMED_OUT = DeliveryOutcome(
    "timed_out", "the receiving server did not answer in time",
    "Deliver again later. If it stays like this, check host and port in sftp, and this machine's firewall.",
    transient=True,
)
DROPPED = DeliveryOutcome(
    "dropped", "the connection to the receiving server was lost each time",
    "Deliver again later.", transient=True,
)
NOT_SFTP = DeliveryOutcome(
    "not_sftp", "the receiving server does not offer SFTP to this user",
    f"Check host and port in sftp. {_RECEIVER} to allow SFTP for the user.",
)
NO_COMMON_METHOD = DeliveryOutcome(
    "no_common_method", "the receiving server has no secure way to connect that this machine knows",
    f"{_RECEIVER} to update it: its SSH methods are out of date.",
)

# Who the server is, and who we are.
HOST_KEY_UNKNOWN = DeliveryOutcome(
    "host_key_unknown", "the host key of the receiving server is not in the settings, so nothing was sent",
    f"{_RECEIVER} for its host key. If it is the one that plus360 check shows, add that line to the "
    "district's delivery settings.",
)
HOST_KEY_CHANGED = DeliveryOutcome(
    "host_key_changed",
    "the receiving server's host key is not the one in the settings: it may be another server, so nothing "
    "was sent",
    f"{_RECEIVER} whether it has a new host key. Only if they confirm the one that plus360 check shows, "
    "replace host_key in the district's delivery settings.",
)
HOST_KEY_UNUSABLE = DeliveryOutcome(
    "host_key_unusable", "host_key in the delivery settings is not a public key",
    'Copy it again from whoever runs the receiving server: host_key = "ssh-ed25519 AAAA...".',
)
NO_LOGIN = DeliveryOutcome(
    "no_login", "there is neither a private key nor a password to log in with",
    "Set private_key_file in the district's delivery settings, or put the password where the consumer secret "
    "is.",
)
PASSWORD_UNREADABLE = DeliveryOutcome(
    "password_unreadable", "the file with the delivery's password can't be read",
    "Fix the permissions and the encoding (UTF-8) of the file in $CREDENTIALS_DIRECTORY.",
)
PRIVATE_KEY_UNREADABLE = DeliveryOutcome(
    "private_key_unreadable", "private_key_file can't be used: it can't be read, is no private key, or has a "
    "passphrase",
    "Name a private key in OpenSSH format without a passphrase that this account can read.",
)
PRIVATE_KEY_EXPOSED = DeliveryOutcome(
    "private_key_exposed", "every user of this machine can read private_key_file, so it was not used",
    "Run chmod 600 on it, and ask the receiver for a new key if others may have read it.",
)
LOGIN_REFUSED = DeliveryOutcome(
    "login_refused", "the receiving server refused the login",
    f"Check the user in sftp, and the private key or the password. {_RECEIVER} whether the login is active.",
)

# What a person has to confirm.
FIRST_UNCONFIRMED = DeliveryOutcome(
    "first_unconfirmed",
    "nothing of this district was ever delivered, and no one has confirmed the first delivery: guardians who "
    "are in the special-programs system and not in these files will be deleted there",
    "Compare the files in the run's export folder with the special-programs system, then run plus360 deliver "
    "with --first.",
)

# The folder and its files.
NO_FOLDER = DeliveryOutcome(
    "no_folder", "the folder does not exist on the receiving server",
    f"Check the folder in sftp; plus360 makes none. {_RECEIVER} to make it.",
)
PERMISSION_DENIED = DeliveryOutcome(
    "permission_denied",
    "the login may not write, rename or remove files in the folder on the receiving server",
    f"{_RECEIVER} to allow the user to write, rename and remove files in the folder.",
)
DISK_FULL = DeliveryOutcome(
    "disk_full", "the receiving server has no room left",
    f"{_RECEIVER} to make room, then deliver again.",
)
WRITE_FAILED = DeliveryOutcome(
    "write_failed", "the receiving server could not store the files",
    f"{_RECEIVER} whether its disk is full or a quota is used up, then deliver again.",
)
SIZE_DIFFERS = DeliveryOutcome(
    "size_differs", "on the receiving server a file is missing, or of another size than was sent",
    f"{_RECEIVER} whether something changes or moves files in the folder while they are received.",
)
OTHER_DISTRICT = DeliveryOutcome(
    "other_district",
    "the folder on the receiving server has the import of another district, so nothing was sent",
    "Check sftp in the delivery settings of both districts. If the folder is right, remove manifest.json "
    "there.",
)

# This machine.
FILES_CHANGED = DeliveryOutcome(
    "files_changed", "the files of the published import are missing or were changed, so nothing was sent",
    "Run plus360 export to write them again, then deliver again.",
)
INTERRUPTED = DeliveryOutcome(
    "interrupted", "the delivery was interrupted", "Deliver again.", transient=True,
)
UNEXPECTED = DeliveryOutcome(
    "unexpected", "the delivery ended in an error that plus360 does not know",
    "Deliver again. If it stays like this, report it to the plus360 project.",
)
# fmt: on

BY_CODE = {one.code: one for one in list(globals().values()) if isinstance(one, DeliveryOutcome)}


def sentences() -> list[str]:
    """Every text of this table."""
    return [text for one in BY_CODE.values() for text in (one.meaning, one.fix)]
