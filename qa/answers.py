"""What an endpoint's answer means, who mends it and how. One entry a kind of answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.contract import Owner, PullState


@dataclass(frozen=True)
class Answer:
    """One kind of answer.

    Attributes:
        meaning: completes "Contact did not come in: ...".
        owner: who must act.
        remedy: the steps; `{subscriptions}` stands for the boxes of the endpoints that gave this answer.
    """

    meaning: str
    owner: Owner
    remedy: tuple[str, ...]


_API_PROFILE = "Open Administration > Utilities > Integration > API Profile and click the consumer key."

# The server said no, by HTTP status [doc, schema, guide]. Status 200 here is a web page in place of data.
_REFUSED = {
    200: Answer(
        "a web page instead of data, as during maintenance or from a proxy's log-in",
        "district SIS admin",
        (
            "Open the district's eSchoolPLUS address in a browser. During maintenance, wait for its end.",
            "If a log-in page of a proxy or firewall appears, let the path /plus360api pass without log-in.",
        ),
    ),
    401: Answer(
        "the credentials were not accepted (401)",
        "district SIS admin",
        (
            _API_PROFILE,
            "The box Active must be checked.",
            "Compare the Consumer Key letter by letter; enter the Consumer Secret anew on both sides.",
            "Authentication Method must be OAuth 1.0, and Signature Method the one set for this district.",
        ),
    ),
    403: Answer(
        "not subscribed (403)",
        "district SIS admin",
        (
            _API_PROFILE,
            "Under Subscriptions, check {subscriptions}.",
            "Click Save; the next night takes it up.",
        ),
    ),
    404: Answer(
        "no such address (404)",
        "district SIS admin",
        (
            "Compare the base URL in the settings with the API Profile: the code after /v1/ is the middle "
            "part of the Consumer Key (abc for OneRoster_ABC_123).",
            "If it fits, ask PowerSchool support whether this release of eSchoolPLUS offers {subscriptions}.",
        ),
    ),
}
_CLOCKS_DIFFER = Answer(
    "the clocks differ too much (401)",
    "plus360 operator",
    (
        "Set the clock of the machine that runs the night by NTP, and run the night again.",
        "If that clock is right, ask the district's SIS admin to set the clock of the eSchoolPLUS server.",
    ),
)
_REDIRECTED = Answer(
    "a redirect to another address, which is never followed with credentials",
    "district SIS admin",
    ("Set the base URL to the address that answers by itself: https, and the host that serves /plus360api.",),
)
_REFUSED_OTHERWISE = Answer(
    "the server refused",
    "PowerSchool support",
    ("Open a case with PowerSchool support; name the API Profile and {subscriptions}.",),
)
_SERVER_FAILED = Answer(
    "the server failed again and again (5xx)",
    "PowerSchool support",
    (
        "Run the night again: a server that restarts answers later.",
        "If it fails a second time, open a case with PowerSchool support; name {subscriptions}.",
    ),
)
_THROTTLED = Answer(
    "the server asked to slow down (429) for longer than the night has",
    "plus360 operator",
    ("Give the district fewer connections or more time in the settings, and run the night again.",),
)
_BROKEN = Answer(
    "the connection broke off, or what came was no data",
    "plus360 operator",
    (
        "Do what the pull's own message says, and run the night again.",
        "If it breaks again, ask the district's SIS admin whether the eSchoolPLUS server can be reached "
        "from outside.",
    ),
)
_WITHOUT_STATUS: dict[PullState, Answer] = {
    "complete": Answer("every page came in", "plus360 operator", ()),
    "unreconciled": Answer(
        "every page came in, but not the rows that the server counts", "plus360 operator", ()
    ),
    "missing": Answer(
        "not asked, because the night ended before",
        "plus360 operator",
        ("Look at the messages of the night's run, mend what they name, and run the night again.",),
    ),
}


def sentences() -> list[str]:
    """Every text of this table, `{subscriptions}` standing for the endpoints' subscriptions."""
    answers = [
        *_REFUSED.values(), *_WITHOUT_STATUS.values(),
        _CLOCKS_DIFFER, _REDIRECTED, _REFUSED_OTHERWISE, _SERVER_FAILED, _THROTTLED, _BROKEN,
    ]  # fmt: skip
    return ["{subscriptions} and {subscriptions}"] + [
        text for answer in answers for text in (answer.meaning, *answer.remedy)
    ]


def answer_of(state: PullState, http_status: int | None, said: str | None) -> Answer:
    """The meaning of a pull's end.

    Args:
        state: how it ended.
        http_status: the last answer's; None where no answer came.
        said: the pull's own message; of two causes of a 401 it says which.
    """
    status = http_status or 0
    if state in _WITHOUT_STATUS:
        return _WITHOUT_STATUS[state]
    if status == 401 and said is not None and "clock is" in said:
        return _CLOCKS_DIFFER
    if state == "refused":
        return _REFUSED.get(status, _REDIRECTED if 300 <= status < 400 else _REFUSED_OTHERWISE)
    if status == 429:
        return _THROTTLED
    return _SERVER_FAILED if status >= 500 else _BROKEN


def remedy_of(answer: Answer, subscriptions: Sequence[str]) -> list[str]:
    """The steps for the endpoints that gave one answer, with their boxes as the set-up guide writes them."""
    boxes = " and ".join(f"'{subscription}'" for subscription in subscriptions)
    return [step.replace("{subscriptions}", boxes) for step in answer.remedy]


# What a pull's message may name besides our own words: a web page's title, addresses, hosts, a code.
_NAMED_IN_MESSAGES = (
    (re.compile(r'titled ".*" came'), "came"),
    (re.compile(r"https?://\S*[^\s.,;:)]"), "the address"),
    (re.compile(r"(?<!\w)[\w.-]+:\d{1,5}(?!\w)"), "the server"),
    (re.compile(r" \((?:[\w-]+\.)+[\w-]+\)"), ""),
    (re.compile(r"/v1/[^\s/]+/"), "/v1/.../"),
    (re.compile(r"the code /[^\s/]+/"), "the code"),
)


def impersonal(message: str) -> str:
    """A pull's message without what the server or the settings put into it: our own words are left."""
    for named, stand_in in _NAMED_IN_MESSAGES:
        message = named.sub(stand_in, message)
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", message).split())[:1000]
