"""Puts an import in place on the receiving server, so that whoever waits for the manifest never sees a mix.

The old manifest goes first. Then each file is sent under another name, and all take their names. Then the
same with the new manifest. What was sent and acknowledged is not sent again after a lost connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from typing import TypeVar

import asyncssh
from pydantic import BaseModel, ValidationError

from district.folder import MANIFEST
from night.delivery.errors import DeliveryError
from night.export import IMPORT_FILES
from qa.delivery import outcomes

PART = ".part"
CHUNK_BYTES = 256 * 1024
# A slow link is fine as long as a chunk, or an answer, arrives in this time.
IDLE_SECONDS = 60.0
# A manifest has a few lines; more is no manifest of ours.
MANIFEST_BYTES = 64 * 1024
_LOST = (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection)

Answer = TypeVar("Answer")


class _Owner(BaseModel):
    """Whose import a manifest describes."""

    district: str


class Upload:
    """The files of one import on their way; it outlives the connections that it takes.

    Attributes:
        has_changed: whether something was changed on the server, or may have been.
    """

    def __init__(self, district: str, files: Mapping[str, bytes], manifest: bytes) -> None:
        """Set it up; nothing is sent.

        Args:
            district: the district's key, as the manifest has it.
            files: what the manifest names.
            manifest: sent last.
        """
        self._district = district
        self._files = files
        self._manifest = manifest
        self._acknowledged: dict[str, int] = {}
        self._in_place: set[str] = set()
        self.has_changed = False

    async def run(self, sftp: asyncssh.SFTPClient, folder: str) -> None:
        """Send what is missing, and put everything in place.

        Raises:
            DeliveryError: the folder is another district's, the server has no room, or not what was sent.
            TimeoutError: the server answers no more.
            asyncssh.Error: the server refused something, or the connection was lost.
        """
        await refuse_other_district(sftp, folder, self._district)
        await self._begin(sftp, f"{folder}/{MANIFEST}")
        for name, content in self._files.items():
            if name not in self._in_place:
                await self._send(sftp, folder, name, content)
        for name in self._files:
            if name not in self._in_place:
                await _rename(sftp, f"{folder}/{name}{PART}", f"{folder}/{name}")
                self._in_place.add(name)
        for name in IMPORT_FILES:
            # Whoever loads the files by their names would load an old guardians.csv with tonight's students.
            if name not in self._files:
                await _remove(sftp, f"{folder}/{name}")
                await _remove(sftp, f"{folder}/{name}{PART}")
        await self._check_in_place(sftp, folder)
        await self._send(sftp, folder, MANIFEST, self._manifest)
        await _rename(sftp, f"{folder}/{MANIFEST}{PART}", f"{folder}/{MANIFEST}")

    async def _check_in_place(self, sftp: asyncssh.SFTPClient, folder: str) -> None:
        """Whether the files are there under their names: some servers say so, and rename nothing."""
        for name, content in self._files.items():
            if await _size(sftp, f"{folder}/{name}") != len(content):
                raise DeliveryError(outcomes.SIZE_DIFFERS)

    async def _begin(self, sftp: asyncssh.SFTPClient, manifest: str) -> None:
        """Remove the old manifest: from here on, what was there before is no whole import any more."""
        had_changed, self.has_changed = self.has_changed, True
        try:
            await _remove(sftp, manifest)
        except asyncssh.SFTPError as error:
            if not isinstance(error, _LOST):  # the server says that it did not
                self.has_changed = had_changed
            raise

    async def _send(self, sftp: asyncssh.SFTPClient, folder: str, name: str, content: bytes) -> None:
        """Send a file under its name with .part, from where the last connection ended."""
        path = f"{folder}/{name}{PART}"
        at = self._acknowledged.get(name, 0)
        if at and await _size(sftp, path) < at:  # the server lost what it had acknowledged
            at = 0
        try:
            # Without a truncating mode when it goes on: what is there must stay.
            file = await answer(sftp.open(path, "r+b" if at else "wb"))
            while at < len(content):
                chunk = content[at : at + CHUNK_BYTES]
                await answer(file.write(chunk, at))
                at += len(chunk)
                self._acknowledged[name] = at
            await answer(file.close())
        except asyncssh.SFTPFailure:  # all that most servers say of a full disk
            if await _is_full(sftp, folder, len(content) - at):
                raise DeliveryError(outcomes.DISK_FULL) from None
            raise
        if await _size(sftp, path) != len(content):
            self._acknowledged.pop(name, None)
            raise DeliveryError(outcomes.SIZE_DIFFERS)


async def answer(asked: Awaitable[Answer]) -> Answer:
    """What the server answers.

    Raises:
        TimeoutError: it does not, while its connection stays.
    """
    async with asyncio.timeout(IDLE_SECONDS):
        return await asked


async def refuse_other_district(sftp: asyncssh.SFTPClient, folder: str, district: str) -> None:
    """Refuse a folder with the import of another district.

    Raises:
        DeliveryError: it has one.
        TimeoutError: the server answers no more.
        asyncssh.Error: the connection was lost.
    """
    try:
        file = await answer(sftp.open(f"{folder}/{MANIFEST}", "rb"))
        content = await answer(file.read(MANIFEST_BYTES))
        await answer(file.close())
        owner = _Owner.model_validate_json(content)
    except (asyncssh.SFTPError, ValidationError) as error:
        if isinstance(error, _LOST):
            raise
        return  # there is none, or none of ours
    if owner.district != district:
        raise DeliveryError(outcomes.OTHER_DISTRICT)


async def _size(sftp: asyncssh.SFTPClient, path: str) -> int:
    try:
        return await answer(sftp.getsize(path)) or 0
    except asyncssh.SFTPNoSuchFile:
        return 0


async def _remove(sftp: asyncssh.SFTPClient, path: str) -> None:
    with suppress(asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        await answer(sftp.remove(path))


async def _rename(sftp: asyncssh.SFTPClient, path: str, to: str) -> None:
    """Rename over an existing file, in one step where the server can."""
    try:
        await answer(sftp.posix_rename(path, to))
    except asyncssh.SFTPOpUnsupported:
        await _remove(sftp, to)
        await answer(sftp.rename(path, to))


async def _is_full(sftp: asyncssh.SFTPClient, folder: str, needed: int) -> bool:
    try:
        room = await answer(sftp.statvfs(folder))
    except asyncssh.SFTPError:  # a server that does not tell
        return False
    return room.bavail * room.frsize < max(needed, CHUNK_BYTES)
