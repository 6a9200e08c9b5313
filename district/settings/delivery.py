"""Where a district's import is sent. Never a password."""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from district.settings.messages import OUR_MESSAGE

DEFAULT_PORT = 22


class DeliverySettings(BaseModel):
    """`[districts.x.delivery]`: an SFTP server, and how to know it and to log in.

    Attributes:
        sftp: `sftp://user@host:port/dir`.
        host_key: the server's public key as in a known_hosts file, without the host: `ssh-ed25519 AAAA...`.
        private_key_file: the key to log in with; without it, a password from where secrets are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    sftp: str
    host_key: Annotated[str | None, Field(pattern=r"^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( .*)?$")] = None
    private_key_file: Annotated[Path | None, Field(strict=False)] = None

    @field_validator("sftp")
    @classmethod
    def _address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.password is not None:
            raise PydanticCustomError(
                OUR_MESSAGE, "has a password in it, and a secret must never be in this file"
            )
        if (
            parts.scheme != "sftp"
            or not parts.username
            or parts.port == 0  # raises ValueError where the port is no number
            or not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9a-f:.]+", parts.hostname or "")
            or not parts.path.strip("/")
            or parts.query
            or parts.fragment
            or re.search(r"[\s\\\x00-\x1f]", unquote(url))
        ):
            raise ValueError("is not an sftp address with a user and a folder")
        return url

    @field_validator("private_key_file")
    @classmethod
    def _existing(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise ValueError("is not a file")
        return path

    @property
    def user(self) -> str:
        """Who logs in."""
        return unquote(self._parts.username or "")

    @property
    def host(self) -> str:
        """The server's name or address."""
        return self._parts.hostname or ""

    @property
    def port(self) -> int:
        """The server's port."""
        return self._parts.port or DEFAULT_PORT

    @property
    def folder(self) -> str:
        """The folder there: from the root for `//dir`, else from the user's own folder."""
        return unquote(self._parts.path[1:])

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.sftp)
