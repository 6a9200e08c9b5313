"""Sends messages by a process of its own: it can be ended, and what it prints goes nowhere.

The addresses with their secrets reach that process through its stdin: they are in no argument, no environment
and no file. Of what Apprise or a server says nothing is shown, for it may quote an address.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlsplit

from district.credentials import (
    NOTIFY_VARIABLE,
    CredentialError,
    environment_without_secrets,
    notify_secret,
)
from district.settings.notify import PLACE_OF_SECRET, with_secret
from night.news.message import Message

Answer = Literal["sent", "not sent", "unknown address", "no secret"]
# A mail server that doesn't answer must not hold up the command: all are given up after this, and a little
# more for each message.
LIMIT_SECONDS, SECONDS_EACH = 45.0, 1.0
_PROCESS = "night.news.apprise_process"
_NOT_INSTALLED = "notifications were not sent: Apprise is not installed. Run make setup-extras"
_WORDS: dict[Answer, str] = {
    "not sent": "could not be sent. Check the address, its secret and the network",
    "unknown address": "could not be sent: Apprise does not know this kind of address. Correct it",
    "no secret": f"could not be sent: it needs a secret, and none was found. Set {NOTIFY_VARIABLE}, or run: "
    "keyring set plus360 fleet/notify",
}


def send(messages: Sequence[Message]) -> tuple[set[int], list[str]]:
    """Send messages, each to all of its addresses.

    Returns:
        The messages that at least one address has received, by number, and one line for each fault.
    """
    if importlib.util.find_spec("apprise") is None:
        return set(), [_NOT_INSTALLED]
    secret = _secret()
    letters = [
        {"to": with_secret(address, secret), "title": message.title, "body": message.body}
        | ({"report": str(message.report), "name": f"{message.district}.html"} if message.report else {})
        if secret or PLACE_OF_SECRET not in address
        else None
        for message in messages
        for address in message.to
    ]
    answers = _answers(letters, LIMIT_SECONDS + SECONDS_EACH * len(letters))
    received, faults = set(), []
    number = 0
    for which, message in enumerate(messages):
        for place, address in enumerate(message.to, 1):
            answer: Answer = answers[number] if letters[number] else "no secret"
            number += 1
            if answer == "sent":
                received.add(which)
            else:
                kind = urlsplit(address).scheme
                faults.append(
                    f"{message.setting}, address {place} ({kind}): the notification {_WORDS[answer]}"
                )
    return received, list(dict.fromkeys(faults))


def _secret() -> str:
    try:
        found = notify_secret()
    except CredentialError:
        return ""
    return found.get_secret_value() if found else ""


def _answers(letters: Sequence[dict[str, str] | None], limit: float) -> defaultdict[int, Answer]:
    """What became of each letter; what the process did not answer in time was not sent."""
    clean = environment_without_secrets()
    # A proxy's user and password: not for its environment, which other programs can read.
    logins = {name: value for name, value in os.environ.items() if clean.get(name, value) != value}
    order = json.dumps({"letters": letters, "environment": logins})
    try:
        said = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", _PROCESS],
            input=order.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean,
            timeout=limit,
            start_new_session=True,  # Ctrl-C is for this process, which then ends that one
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
    answers: defaultdict[int, Answer] = defaultdict(lambda: "not sent")
    answers.update(dict(json.loads(line) for line in said.splitlines() if line.endswith(b"]")))
    return answers
