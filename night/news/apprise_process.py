"""The process that sends with Apprise: letters on stdin, on stdout a line `[number, answer]` for each one.

It imports nothing else of ours, so that it is quick.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import apprise

AT_ONCE = 8
# Of memory in use (what is only reserved does not count): several times what it needs, reports and all.
MOST_BYTES = 512 * 2**20


def _send(letter: dict[str, str]) -> str:
    """Send one letter to one address."""
    # Nothing is kept on disk, and no server leads elsewhere.
    asset = apprise.AppriseAsset(
        app_id="plus360",
        app_desc="plus360",
        app_url="",
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        http_redirects=False,
    )
    service = apprise.Apprise(asset=asset)
    if not service.add(letter["to"]):
        return "unknown address"
    attached = None
    if "report" in letter:
        attached = apprise.AppriseAttachment()
        attached.add(f"file://{quote(letter['report'])}?name={letter['name']}")
    sent = service.notify(
        title=letter["title"],
        body=letter["body"],
        body_format=apprise.NotifyFormat.TEXT,
        attach=attached,
    )
    return "sent" if sent else "not sent"


def _limit_memory() -> None:
    """An answer without an end would fill the machine's memory, for Apprise reads all of it."""
    with suppress(ValueError, OSError):  # less is allowed as it is, or this system has no such limit
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))


def _main() -> None:
    _limit_memory()
    order: dict[str, Any] = json.load(sys.stdin)
    os.environ.update(order["environment"])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = {
            pool.submit(_send, letter): number for number, letter in enumerate(order["letters"]) if letter
        }
        for done in as_completed(sent):
            answer = "not sent" if done.exception() else done.result()
            print(json.dumps([sent[done], answer]), flush=True)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    _main()
