"""The receiving system: an SFTP server over a folder of this machine, and how it can misbehave."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

import asyncssh

USER = "imports"


@dataclass
class ReceiverFaults:
    """How the server misbehaves; set at any time.

    Attributes:
        cut_after: bytes of files after which it cuts the connection; then it behaves.
        full_after: bytes of files after which its disk is full.
        latency: seconds that each write takes.
        deny: whether the login may write nothing.
        plain_rename: whether it can't rename over an existing file, and has no extension for that.
        silent_on: what it never answers: "stat", "open", "remove" or "rename"; its connection stays.
        false_rename: whether it says that it has renamed, and does nothing.
    """

    cut_after: int | None = None
    full_after: int | None = None
    latency: float = 0.0
    deny: bool = False
    plain_rename: bool = False
    silent_on: str = ""
    false_rename: bool = False


class Receiver:
    """An SFTP server that runs during a `with` block.

    Attributes:
        folder: what it serves as its root.
        password: of the user `USER`.
        faults: how it misbehaves.
        operations: what clients had it do, oldest first, such as `rename students.csv.part students.csv`.
        logins: how many logins were let in.
        silent: set once it leaves a client without an answer, as `faults.silent_on` says.
    """

    def __init__(self, folder: Path, *, host_key: asyncssh.SSHKey | None = None, port: int = 0) -> None:
        """Set it up; the server starts with the `with` block.

        Args:
            folder: what it serves.
            host_key: by default a new one.
            port: 0 for a free one.
        """
        self.folder = folder
        self.password = secrets.token_hex(16)
        self.faults = ReceiverFaults()
        self.operations: list[str] = []
        self.logins = 0
        self.silent = Event()
        self.authorized: asyncssh.SSHKey | None = None
        self.received = 0
        self._key = host_key or asyncssh.generate_private_key("ssh-ed25519")
        self.port = port
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Self:
        """Start the server in a thread."""
        started = Event()
        self._thread = Thread(target=self._serve, args=(started.set,), daemon=True)
        self._thread.start()
        started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server and cut all connections."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def host_key(self) -> str:
        """Its public key, as the settings have it."""
        return " ".join(self._key.export_public_key("openssh").decode("ascii").split()[:2])

    def address(self, folder: str = "incoming") -> str:
        """The address of a folder there, as the settings have it."""
        return f"sftp://{USER}@127.0.0.1:{self.port}/{folder}"

    def delivery(self, folder: str = "incoming", **more: object) -> dict[str, object]:
        """The settings of a district that delivers here; `more` adds or replaces some."""
        return {"sftp": self.address(folder), "host_key": self.host_key} | more

    def _serve(self, started: Callable[[], None]) -> None:
        # It ends what is still at work for a client.
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._main(started))

    async def _main(self, started: Callable[[], None]) -> None:
        self._stop = asyncio.Event()
        server = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: _Login(self),
            server_host_keys=[self._key],
            sftp_factory=lambda channel: _Files(channel, self),
        )
        self.port = server.get_port()
        started()
        await self._stop.wait()
        server.close()


class _Login(asyncssh.SSHServer):
    """Lets in the one user, by the password or by the key."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return username == USER and secrets.compare_digest(password, self._receiver.password)

    def public_key_auth_supported(self) -> bool:
        return self._receiver.authorized is not None

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        authorized = self._receiver.authorized
        return username == USER and authorized is not None and key == authorized.convert_to_public()

    def auth_completed(self) -> None:
        self._receiver.logins += 1


class _Files(asyncssh.SFTPServer):
    """The folder, with the receiver's faults."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], receiver: Receiver) -> None:
        super().__init__(channel, chroot=os.fsencode(receiver.folder))
        self._receiver = receiver
        self._connection = channel.get_connection()

    async def stat(self, path: bytes) -> asyncssh.SFTPAttrs | os.stat_result:
        await self._wait("stat")
        return Path(os.fsdecode(self.map_path(path))).stat()

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        await self._wait("open")
        if pflags & asyncssh.FXF_WRITE:
            if self._receiver.faults.deny:
                raise asyncssh.SFTPPermissionDenied("not allowed")
            self._note("write", path)
        return super().open(path, pflags, attrs)

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        receiver, faults = self._receiver, self._receiver.faults
        if faults.latency:
            await asyncio.sleep(faults.latency)
        if faults.full_after is not None and receiver.received + len(data) > faults.full_after:
            raise OSError(errno.ENOSPC, "full")
        if faults.cut_after is not None and receiver.received + len(data) > faults.cut_after:
            faults.cut_after = None
            self._connection.abort()
            raise asyncssh.SFTPConnectionLost("cut")
        receiver.received += len(data)
        written = super().write(file_obj, offset, data)
        assert isinstance(written, int)  # noqa: S101 - the base class is synchronous
        return written

    async def remove(self, path: bytes) -> None:
        await self._wait("remove")
        if self._receiver.faults.deny:
            raise asyncssh.SFTPPermissionDenied("not allowed")
        super().remove(path)
        self._note("remove", path)

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        self._note("rename", oldpath, newpath)

    async def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        await self._wait("rename")
        if self._receiver.faults.plain_rename:
            raise asyncssh.SFTPOpUnsupported("no such extension")
        if self._receiver.faults.false_rename:
            return
        super().posix_rename(oldpath, newpath)
        self._note("rename", oldpath, newpath)

    def statvfs(self, path: bytes) -> os.statvfs_result:
        room = super().statvfs(path)
        assert isinstance(room, os.statvfs_result)  # noqa: S101 - the base class is synchronous
        if self._receiver.faults.full_after is None:
            return room
        return os.statvfs_result((*room[:3], 0, 0, *room[5:10]))

    async def _wait(self, operation: str) -> None:
        if self._receiver.faults.silent_on == operation:
            self._receiver.silent.set()
            await asyncio.Event().wait()

    def _note(self, operation: str, *paths: bytes) -> None:
        names = (os.fsdecode(path).rpartition("/")[2] for path in paths)
        self._receiver.operations.append(" ".join((operation, *names)))
