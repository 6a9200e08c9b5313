"""The way to an SFTP server: one that is known by its host key, with the one login that the settings name.

Nothing of this account's own SSH setup is used: no agent, no known_hosts, no configuration, no other key.
"""

from __future__ import annotations

import asyncio
import logging
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncssh
from pydantic import SecretStr
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from district.settings.delivery import DeliverySettings
from night.delivery.errors import DeliveryError, delivery_error
from night.delivery.upload import Upload, answer, refuse_other_district
from qa.delivery import outcomes

ATTEMPTS = 4
CONNECT_SECONDS = 30.0
GOODBYE_SECONDS = 5.0
# Of a whole delivery, with all its attempts.
LIMIT_SECONDS = 30 * 60.0
# Its log names hosts and users.
logging.getLogger("asyncssh").setLevel(logging.CRITICAL)
# What is done in the folder there.
Work = Callable[[asyncssh.SFTPClient, str], Awaitable[None]]


def send(
    upload: Upload, to: DeliverySettings, password: SecretStr | None, *, attempts: int = ATTEMPTS
) -> None:
    """Send an import, connecting again after a lost connection.

    Args:
        upload: what is sent; it keeps what the server acknowledged.
        to: where.
        password: to log in with; None with a private key.
        attempts: to connect.

    Raises:
        DeliveryError: it was not delivered.
    """
    asyncio.run(_send(upload, to, password, attempts))


def look(district: str, to: DeliverySettings, password: SecretStr | None) -> None:
    """Connect, log in and look into the folder, once; nothing is written there.

    Args:
        district: the district's key.
        to: where.
        password: to log in with; None with a private key.

    Raises:
        DeliveryError: nothing could be delivered there.
    """

    async def work(sftp: asyncssh.SFTPClient, folder: str) -> None:
        await refuse_other_district(sftp, folder, district)

    asyncio.run(_attempt(work, to, password))


async def _send(upload: Upload, to: DeliverySettings, password: SecretStr | None, attempts: int) -> None:
    retrying = AsyncRetrying(
        stop=stop_after_attempt(attempts),
        wait=wait_random_exponential(multiplier=1, max=30),
        retry=retry_if_exception(lambda error: isinstance(error, DeliveryError) and error.outcome.transient),
        reraise=True,
    )
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            async for attempt in retrying:
                with attempt:
                    await _attempt(upload.run, to, password)
    except TimeoutError:
        raise DeliveryError(outcomes.TIMED_OUT) from None


async def _attempt(work: Work, to: DeliverySettings, password: SecretStr | None) -> None:
    try:
        async with _connected(to, password) as connection:
            # Closed with its connection: waiting for a server that hangs would keep an interruption waiting.
            sftp = await answer(connection.start_sftp_client())
            await work(sftp, await _folder(sftp, to.folder))
    except Exception as error:
        if (known := delivery_error(error)) is None:
            raise
        raise known from None


@asynccontextmanager
async def _connected(
    to: DeliverySettings, password: SecretStr | None
) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """A connection to the server that has the pinned host key, logged in."""
    pinned = _public_key(to.host_key) if to.host_key else None
    client_key = _private_key(to.private_key_file) if to.private_key_file else None
    if client_key is None and password is None:
        raise DeliveryError(outcomes.NO_LOGIN)
    if pinned is None:
        raise DeliveryError(outcomes.HOST_KEY_UNKNOWN, await _line_to_add(to))
    try:
        connection = await asyncssh.connect(
            to.host,
            to.port,
            username=to.user,
            known_hosts=([pinned], [], []),
            client_keys=[client_key] if client_key else None,
            password=password.get_secret_value() if password and not client_key else None,
            preferred_auth=("publickey",) if client_key else ("password", "keyboard-interactive"),
            agent_path=None,
            config=None,
            gss_host=None,
            connect_timeout=CONNECT_SECONDS,
            login_timeout=CONNECT_SECONDS,
            keepalive_interval=15,
            keepalive_count_max=4,
        )
    except asyncssh.PermissionDenied:
        raise
    except asyncssh.DisconnectError:
        # A server that has no key of the pinned kind any more hangs up, as others do for other reasons.
        if not await _still_has(to, pinned) and (line := await _line_to_add(to)):
            raise DeliveryError(outcomes.HOST_KEY_CHANGED, line) from None
        raise
    try:
        yield connection
    except BaseException:
        connection.abort()
        raise
    connection.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await connection.wait_closed()


async def _still_has(to: DeliverySettings, pinned: asyncssh.SSHKey) -> bool:
    """Whether the server has the pinned key, when it is asked for keys of that kind only."""
    kinds = [algorithm.decode("ascii") for algorithm in pinned.sig_algorithms]
    try:
        return await _key_of(to, kinds) == pinned
    except asyncssh.DisconnectError:
        return False


async def _line_to_add(to: DeliverySettings) -> str:
    """The server's host key as the settings have it: a key, and no text that the server chose."""
    if (key := await _key_of(to)) is None:
        return ""
    kind, base64 = key.export_public_key("openssh").decode("ascii").split()[:2]
    return f'host_key = "{kind} {base64}"'


async def _key_of(to: DeliverySettings, kinds: Sequence[str] = ()) -> asyncssh.SSHKey | None:
    async with asyncio.timeout(CONNECT_SECONDS):
        return await asyncssh.get_server_host_key(
            to.host, to.port, config=None, server_host_key_algs=kinds or ()
        )


def _public_key(text: str) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_public_key(text)
    except (asyncssh.KeyImportError, ValueError):
        raise DeliveryError(outcomes.HOST_KEY_UNUSABLE) from None


def _private_key(path: Path) -> asyncssh.SSHKey:
    try:
        if path.stat().st_mode & stat.S_IROTH:
            raise DeliveryError(outcomes.PRIVATE_KEY_EXPOSED)
        return asyncssh.read_private_key(path)
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError):
        raise DeliveryError(outcomes.PRIVATE_KEY_UNREADABLE) from None


async def _folder(sftp: asyncssh.SFTPClient, folder: str) -> str:
    """The folder there: from the user's own folder as OpenSSH reads such an address, else from the root."""
    for path in (folder, f"/{folder}"):
        if await answer(sftp.isdir(path)):
            return path.rstrip("/")
    raise DeliveryError(outcomes.NO_FOLDER)
