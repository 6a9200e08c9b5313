"""How alike two labels are, word by word: dob2 and birthDate mean the same."""

from __future__ import annotations

import difflib
import re

# What districts shorten. A word that says nothing about the value is replaced by nothing.
_MEANS = {
    "addr": "address", "bd": "birth date", "bday": "birth date", "birthday": "birth date",
    "birthdate": "birth date", "bldg": "school", "building": "school", "born": "birth date", "cd": "code",
    "cell": "phone", "cont": "contact", "ctc": "contact", "dist": "district",
    "dob": "birth date", "dt": "date",
    "emailaddress": "email", "ethnicity": "ethnic", "ext": "extension", "fed": "federal",
    "firstname": "first name", "fname": "first name", "forename": "first name", "given": "first",
    "gr": "grade", "grd": "grade", "guard": "guardian", "id": "number", "lang": "language",
    "lastname": "last name",
    "lname": "last name", "lvl": "level", "mail": "email", "mi": "middle name", "middlename": "middle name",
    "mname": "middle name", "mobile": "phone", "nbr": "number", "nick": "nickname", "no": "number",
    "num": "number", "ph": "phone", "postal": "postal", "prio": "priority", "rel": "relation",
    "relationship": "relation", "res": "residence", "sch": "school", "sex": "gender", "st": "street",
    "stat": "status", "stu": "student", "studentid": "student number",
    "contactid": "contact number",
    "suffix": "generation suffix", "surname": "last name", "tel": "phone", "telephone": "phone",
    "zip": "postal code", "zipcode": "postal code",
    "of": "", "the": "", "is": "", "has": "", "local": "", "value": "", "field": "", "new": "", "my": "",
}  # fmt: skip
# Words that many labels have: sharing one says little.
_COMMON = {"number": 0.4, "code": 0.4, "level": 0.4}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")


def words_of(label: str) -> list[str]:
    """The words of a label, in everyday spelling, without numbers."""
    found = [word.lower() for word in _WORD.findall(label)]
    return [plain for word in found for plain in _MEANS.get(word, word).split()]


def similarity(label: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same words, in any order and spelling)."""
    mine, its = words_of(label), words_of(other)
    if not mine or not its:
        return 0.0
    by_word = 2 * _weight(set(mine) & set(its)) / (_weight(set(mine)) + _weight(set(its)))
    # Typing errors: most letters in the same order. Short names are alike by chance.
    by_letter = difflib.SequenceMatcher(None, "".join(mine), "".join(its)).ratio()
    return max(by_word, by_letter if by_letter >= 0.85 and len("".join(mine)) > 4 else 0.0)


def _weight(words: set[str]) -> float:
    return sum(_COMMON.get(word, 1.0) for word in words)
