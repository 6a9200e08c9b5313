"""Guardians who seem to be entered twice, found pair by pair: for the checks by hand."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from tests.records_by_hand import Record, text

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
PHONE_NUMBER = re.compile(r"1?([2-9]\d{2}[2-9]\d{6})")
STREET = ("complex", "streetNumber", "streetPrefix", "streetName", "streetType", "streetSuffix", "apartment")
NEARLY_THE_SAME = 0.93


def plain(value: str) -> str:
    """Letters and digits in lower case, without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", value).lower() if c.isalnum())


def entered_twice(
    guardians: Iterable[Record],
    links: Iterable[Record],
    phones: Iterable[Record],
    addresses: Iterable[Record],
) -> set[str]:
    """The contact ids of guardians of whom someone else seems to be the same person."""
    people = {text(guardian, "contactId"): guardian for guardian in guardians}
    numbers, homes = defaultdict(set), defaultdict(set)
    for phone in phones:
        if match := PHONE_NUMBER.fullmatch(text(phone, "phone")):
            numbers[text(phone, "contactId")].add(match.group(1))
    for address in addresses:
        if any(text(address, label) for label in STREET):
            line = plain(" ".join(text(address, label) for label in (*STREET, "zip")))
            homes[text(address, "contactId")].add(line)
    emails = {
        key: {text(person, "email").lower()}
        for key, person in people.items()
        if EMAIL.fullmatch(text(person, "email"))
    }
    relations: dict[str, dict[str, str]] = defaultdict(dict)
    for link in links:
        if text(link, "relationCode"):
            relations[text(link, "contactId")][text(link, "studentId")] = text(link, "relationCode")
    found: set[str] = set()
    for one, other in {*_pairs(people, emails), *_pairs(people, numbers), *_pairs(people, homes)}:
        names = [
            (plain(text(people[key], "firstName")), plain(text(people[key], "lastName")))
            for key in (one, other)
        ]
        if not all(first and last for first, last in names):
            continue
        suffixes = {plain(text(people[key], "generation")) for key in (one, other)}
        same_phone, same_home = numbers[one] & numbers[other], homes[one] & homes[other]
        if names[0] == names[1]:
            is_same = bool(emails.get(one, set()) & emails.get(other, set()))
            is_same |= len(suffixes) == 1 and bool(same_phone or same_home)
        else:
            is_near = all(jaro_winkler(a, b) >= NEARLY_THE_SAME for a, b in zip(*names, strict=True))
            is_near &= not any(
                relations[other].get(student, relation) != relation
                for student, relation in relations[one].items()
            )
            is_same = is_near and len(suffixes) == 1 and bool(same_phone and same_home)
        if is_same:
            found |= {one, other}
    return found


def _pairs(people: dict[str, Record], values: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Everyone who shares a value with someone."""
    sharing = defaultdict(list)
    for key in people:
        for value in values.get(key, ()):
            sharing[value].append(key)
    for keys in sharing.values():
        yield from combinations(sorted(keys), 2)


def jaro_winkler(one: str, other: str) -> float:
    """1 for the same text, 0 for texts with nothing in common."""
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    taken: set[int] = set()
    matched = []
    for place, letter in enumerate(one):
        for at in range(max(place - reach, 0), min(place + reach + 1, len(other))):
            if at not in taken and other[at] == letter:
                taken.add(at)
                matched.append(letter)
                break
    if not matched:
        return 0.0
    swapped = sum(a != other[at] for a, at in zip(matched, sorted(taken), strict=True)) // 2
    count = len(matched)
    jaro = (count / len(one) + count / len(other) + (count - swapped) / count) / 3
    prefix = next(
        (n for n in range(min(4, len(one), len(other))) if one[n] != other[n]), min(4, len(one), len(other))
    )
    return jaro + prefix * 0.1 * (1 - jaro) if jaro > 0.7 else jaro
