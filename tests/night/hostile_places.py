"""Where a server or a district may write a name: a child for each place, so that a leak names its place."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import count
from typing import Any
from urllib.parse import quote, unquote

from sandbox.server.messages import Reply

FIRST = "Zephyrine"
# Values of records, and the labels that they stand under: place -> endpoint and label.
VALUES: Mapping[str, tuple[str, str]] = {
    "school code": ("School", "building"),
    "school name": ("School", "name"),
    "school abbreviation": ("School", "abbreviation"),
    "school state id": ("School", "stateCodeEquiv"),
    "grade": ("Student", "grade"),
    "gender code": ("Student", "gender"),
    "status code": ("Student", "currentStatus"),
    "race code": ("Student", "ethnicCode"),
    "first name": ("Student", "firstName"),
    "last name": ("Student", "lastName"),
    "birth date": ("Student", "birthdate"),
    "state id": ("Student", "stateReportId"),
    "relation code": ("StudentContact", "relationCode"),
    "contact type": ("StudentContact", "contactType"),
    "priority": ("StudentContact", "contactPriority"),
    "phone type": ("ContactPhone", "phoneType"),
    "phone": ("ContactPhone", "phone"),
    "street": ("ContactAddress", "streetName"),
    "state code": ("ContactAddress", "state"),
    "zip": ("ContactAddress", "zip"),
    "email": ("Contact", "email"),
}
LABELS = ("label", "label of a nested object", "sensitive label", "district-defined label", "mapped label")
HEADERS = {
    "header Server": "Server",
    "header Set-Cookie": "Set-Cookie",
    "header X-Total-Count": "X-Total-Count",
    "header of its own": "X-Note",
}
ANSWERS = (
    "page title", "error body", "reason phrase", "redirect target", "header WWW-Authenticate",
    "header Retry-After", "header Content-Type", "name of a list", "answer without records",
)  # fmt: skip
SETTINGS = (
    "code in the URL", "endpoint path", "label synonym", "status setting", "grade setting", "gender setting",
    "relation setting", "phone type setting", "address of eSchoolPLUS", "host", "host of the proxy",
)  # fmt: skip
PLACES = (*VALUES, *LABELS, *HEADERS, *ANSWERS, *SETTINGS)
# So many records of each endpoint have a name in them; each spelling is in several.
RECORDS = 12


def surname(place: str) -> str:
    """The surname of the child whose name is in this place."""
    return "Quill" + re.sub(r"[^a-z]", "", place.lower()) + "q"  # no surname begins with another one


def spellings(place: str) -> tuple[str, ...]:
    """The child's name as labels, codes and sentences may have it."""
    last = surname(place)
    accents = f"Z\u00e9phyrine {last.replace('i', chr(0xEE), 1)}"
    return (
        f"{FIRST} {last}",
        f"{FIRST}{last.capitalize()}",
        f"{FIRST}_{last}".lower(),
        f"{last}, {FIRST}",
        accents,
        f"{FIRST} {last}".upper(),
    )


def all_spellings(place: str) -> str:
    return " / ".join(spellings(place))


def host(place: str) -> str:
    """A host that is nowhere, named after the child."""
    return f"{FIRST}-{surname(place)}.invalid".lower()


class HostileRecords:
    """Changes records so that a child's name is in every place of VALUES and LABELS."""

    def __init__(self) -> None:
        self._numbers: dict[str, Iterator[int]] = {}
        self._schools: dict[str, str] = {}

    def __call__(self, endpoint: str, record: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers.setdefault(endpoint, count()))
        changed = dict(record)
        if number < RECORDS and (endpoint != "School" or number > 0):
            for place, (of, label) in VALUES.items():
                if of == endpoint and place != "school code":
                    changed[label] = spellings(place)[number % 6]
        changed |= self._labels(endpoint)
        if "building" in record:
            code = self._school(str(record["building"]).strip())
            changed |= {"building": code, **({"homeBuilding": code} if "homeBuilding" in record else {})}
        return changed

    def _school(self, code: str) -> str:
        """Every school but the first has a name for a code."""
        named = spellings("school code")[(len(self._schools) - 1) % 6] if self._schools else code
        return self._schools.setdefault(code, named)

    @staticmethod
    def _labels(endpoint: str) -> dict[str, Any]:
        if endpoint == "UDRegUser":
            return dict.fromkeys(spellings("district-defined label"), "Y")
        if endpoint != "Student":
            return {}
        return {
            **dict.fromkeys(spellings("label"), "Y"),
            "extension": {label: {label: "Y"} for label in spellings("label of a nested object")},
            **{f"ssn {label}": "123" for label in spellings("sensitive label")},
            **dict.fromkeys(spellings("mapped label"), None),
        }


def settings_of_the_district() -> dict[str, Any]:
    """Settings with a child's name in each text that decides how records are read."""

    def codes(place: str, sent: str, meaning: str) -> dict[str, str]:
        """Codes that no record has, and two that are sent."""
        return dict.fromkeys((*spellings(place), *spellings(sent)[:2]), meaning)

    return {
        "sis_url": f"https://{host('address of eSchoolPLUS')}/",
        "label_synonyms": {
            "Student.middle_name": [*spellings("mapped label")],
            "Student.generation": [*spellings("label synonym")],
        },
        "enrollment_status": codes("status setting", "status code", "PRE_ENROLLED"),
        "gender": codes("gender setting", "gender code", "F"),
        "relations": codes("relation setting", "relation code", "Mother"),
        "phone_types": codes("phone type setting", "phone type", "home"),
        "grades": [*spellings("grade setting")],
    }


def headers_of_pages() -> dict[str, str]:
    return {name: all_spellings(place) for place, name in HEADERS.items()}


def answers_of_a_refusing_server() -> dict[str, Reply]:
    """A refusal of each endpoint, in a kind of its own."""
    title, body, phrase = map(all_spellings, ANSWERS[:3])
    target = f"https://{host('redirect target')}/{quote(all_spellings('redirect target'))}"
    lists = {name: [{"studentId": "1"}] for name in spellings("name of a list")}
    without = "answer without records"
    none = json.dumps(dict.fromkeys(spellings(without), all_spellings(without)))
    return {
        "School": Reply(200, f"<title>{html.escape(title)}</title>".encode(), content_type="text/html"),
        "Contact": Reply(400, json.dumps({"message": body, "exception": body}).encode(), reason=phrase),
        "ContactAddress": Reply(302, headers={"Location": target}),
        "ContactPhone": Reply(
            401, body.encode(), {"WWW-Authenticate": all_spellings("header WWW-Authenticate")}
        ),
        "StudentContact": Reply(200, json.dumps(lists).encode()),
        "Student": Reply(404, body.encode(), {"Retry-After": all_spellings("header Retry-After")}),
        "UDRegUser": Reply(200, none.encode(), content_type=f"text/{surname('header Content-Type')}"),
    }


def children_in(text: str, places: Iterable[str] = PLACES) -> set[str]:
    """The places whose child's name is in a text, however it is spelled, escaped or split by markup."""
    found = "\n".join(_folded(reading) for reading in _readings(text))
    named = {place for place in places if surname(place).lower() in found}
    # A first name alone is a leak, too, wherever it is from.
    return named or ({"a first name"} if FIRST.lower() in found else set())


def _readings(text: str) -> Iterator[str]:
    undone = text
    for undo in (_unescaped, html.unescape, html.unescape, unquote, _host_in_letters):
        undone = undo(undone)
        yield undone
    yield re.sub(r"<!--.*?-->|<[^<>]*>", "", undone)


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)


def _host_in_letters(text: str) -> str:
    def in_letters(match: re.Match[str]) -> str:
        with suppress(UnicodeError):
            return match[0].encode().decode("idna")
        return match[0]

    return re.sub(r"xn--[a-z0-9-]+", in_letters, text, flags=re.IGNORECASE)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).lower()
    return re.sub(r"[^a-z]", "", decomposed)
