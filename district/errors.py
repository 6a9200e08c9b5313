"""The base class of every error that we word ourselves, and what says that a disk is full."""

import errno

# Numbers of the errors that say that a disk is full.
FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Plus360Error(Exception):
    """An error whose text is one line for people and safe to show: no personal value, no secret.

    Any other exception may quote data, so only its type and place are ever shown (see
    `night.terminal.console`).

    Attributes:
        needs_a_person: running again does not help until somebody has fixed something.
    """

    needs_a_person: bool = False
