"""One search box over everyone: names, ids, phones, emails, addresses."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from qa.analyst.errors import DataError
from qa.analyst.frames import frame_of, rows_of
from qa.analyst.people.findings import quarantined_in_words
from qa.analyst.people.student_status import kept
from qa.analyst.pulls import lacking
from qa.analyst.reader import Reader, query

SHOWN = 50
# A query of so many words is no name; more would only take time.
_MOST_WORDS = 8
# Letters that are no other letter with an accent, and apostrophes that people leave out.
_PLAIN = str.maketrans("øłđıæœ", "oldiao", "'`\u2019\u00b4")
_EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension)\s*\d*$", re.IGNORECASE)
_BORN = "born is a year, a month or a day: '2014', '2014-05' or '5/3/2014'."
_ONLY_IN_IMPORT = (
    "position bigint, student_id varchar, state_student_id varchar, first_name varchar, middle_name varchar, "
    "last_name varchar, birth_date date, birth_date_text varchar, grade varchar, school varchar, "
    "kept_as varchar, since_run_id varchar, why varchar"
)
# The endpoints that each search needs.
_NEEDED = {
    "find_ids": ("Student", "Contact"),
    "find_names": ("Student", "Contact"),
    "find_phones": ("Contact", "ContactPhone"),
    "find_emails": ("Contact",),
    "find_addresses": ("Contact", "ContactAddress"),
}
_DATES = (
    re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?(?:[T ].*)?"),
    re.compile(r"(?:(?P<month>\d{1,2})/)?(?:(?P<day>\d{1,2})/)?(?P<year>\d{4})"),
)


def find(reader: Reader, text: str | int, born: str | int | date | None = None) -> pd.DataFrame:
    """The people that a text may mean, best first, up to 50; a line says how many more there are.

    Args:
        reader: the run.
        text: words of a name in any order, an id (also as a number), a phone, an email, an address, or a
            part of one.
        born: a year, a month or a day; then only students are found.

    Raises:
        DataError: `text` is blank, `born` is none of these, or no run was built.
    """
    born = _birth_prefix(born)
    if not str(text).strip():
        raise DataError("Whom to find? Name a part of a name, an id, a phone, an email or an address.")
    text = str(text).encode(errors="ignore").decode()  # half of a character, which a faulty copy may leave
    if reader.built is None:
        reader.require_built()
    reader.tell_newer()
    # Another run's tables are read where this one has none: they lack nothing of what this one lacks.
    missing = reader.missing if reader.is_built else []
    needed: set[str] = set()
    with reader.open() as con:
        _make_tables(con, missing)
        for searches in _searches(text):
            for name, parameters in searches:
                needed.update(_NEEDED[name])
                con.execute(f"insert into hits {query(name)}", parameters)
            people = frame_of(con.execute(query("find_people"), {"born": born, "most": SHOWN}))
            if not people.empty:
                break
    _say(people, lacking(missing, needed, "{it_was} not searched"))
    people = people.assign(status=_statuses(people))
    return people.drop(columns=["kept_as", "since_run_id", "why", "found"])


def _make_tables(con: duckdb.DuckDBPyConnection, missing: Sequence[str]) -> None:
    """Make what the queries read and fill: the students who are only in the import, and the hits."""
    con.execute("create temp table hits (endpoint varchar, position bigint, score double, matched varchar)")
    con.execute(f"create temp table only_in_import ({_ONLY_IN_IMPORT})")
    with suppress(duckdb.CatalogException):  # a build that ended early has no import
        con.execute(f"insert into only_in_import by name {query('only_in_import')}", {"missing": missing})


def _searches(text: str) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What to search for: the likely things first, and others only where these find no one."""
    plain = " ".join(text.lower().split())
    words = _words(text)
    digits = re.sub(r"\D", "", _EXTENSION.sub("", plain))
    first: list[tuple[str, dict[str, Any]]] = []
    if plain and " " not in plain:
        first.append(("find_ids", {"text": plain}))
    if len(digits) >= 7 and not re.search(r"[^\W\d_]", _EXTENSION.sub("", plain)):
        first.append(
            ("find_phones", {"digits": digits[1:] if len(digits) == 11 and digits[0] == "1" else digits})
        )
    email = [("find_emails", {"text": plain})] if len(plain) >= 3 and " " not in plain else []
    if "@" in plain:
        first += email
    address = [("find_addresses", {"tokens": words, "least": -(-len(words) * 6 // 10)})] if words else []
    is_address = any(word.isdecimal() for word in words) and any(word.isalpha() for word in words)
    if is_address:
        first += address
    if any(not word.isdecimal() for word in words) and not is_address and "@" not in plain:
        first.append(("find_names", {"tokens": _ways(words)}))
    yield first
    yield email + ([] if is_address else address)


def _words(text: str) -> list[str]:
    """The words of a text, in lower case and without accents and apostrophes."""
    letters = unicodedata.normalize("NFD", text.lower())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(_PLAIN)
    return list(dict.fromkeys(re.findall(r"[^\W_]+", bare)))[:_MOST_WORDS]


def _ways(words: list[str]) -> list[dict[str, Any]]:
    """The ways to read the words of a name: as they are, and with two neighbors as one ("o brien")."""
    joined = [[*words[:n], words[n] + words[n + 1], *words[n + 2 :]] for n in range(len(words) - 1)]
    return [
        {"way": way, "words": len(its), "token": word}
        for way, its in enumerate([words, *joined])
        for word in dict.fromkeys(its)
    ]


def _birth_prefix(born: str | int | date | None) -> str | None:
    """The beginning of the birth dates that are meant: 2014, 2014-05 or 2014-05-03."""
    if born is None or isinstance(born, date):
        return f"{born:%Y-%m-%d}" if born else None
    for shape in _DATES:
        if found := shape.fullmatch(str(born).strip()):
            parts = found.groupdict()
            year, month, day = (int(parts[part] or 1) for part in ("year", "month", "day"))
            try:
                whole = f"{date(year, month, day):%Y-%m-%d}"
            except ValueError:
                raise DataError(f"born={str(born)!r} is no date. {_BORN}") from None
            return whole[: 10 if parts["day"] else 7 if parts["month"] else 4]
    raise DataError(_BORN)


def _statuses(people: pd.DataFrame) -> pd.Series:
    """As received, why it is quarantined, or as what one is kept who is only in the import."""
    told = [
        kept(row["kept_as"], row["since_run_id"], row["why"]) if row["kept_as"] else row["status"]
        for row in rows_of(people)
    ]
    return quarantined_in_words(pd.Series(told, index=people.index, dtype="string"))


def _say(people: pd.DataFrame, lacks: str) -> None:
    if lacks:
        sys.stdout.write(f"{'No one found in what was received. ' if people.empty else ''}{lacks}\n")
    elif people.empty:
        sys.stdout.write("No one found. Try fewer words, or only the beginning of a name.\n")
    if len(people) and (found := int(people["found"].iloc[0])) > len(people):
        sys.stdout.write(
            f"The first {len(people)} of {found:,} people. Add a word, or born=, to see fewer.\n"
        )
