"""People who may be one person, and what several people share."""

from __future__ import annotations

import sys

import pandas as pd

from qa.analyst.errors import choose
from qa.analyst.people.findings import quarantined_in_words
from qa.analyst.pulls import lacking
from qa.analyst.reader import Reader, query

# What several people can share, in one query; people who may be one person have a query each.
_SHARED = ("phones", "emails", "addresses")
GROUPED_BY = ("guardians", "students", *_SHARED)
# The endpoints that each kind needs, and what is not known without one of them.
_CONTACTS = ("Contact", "StudentContact")
_NEEDED = {
    "guardians": (*_CONTACTS, "ContactAddress", "ContactPhone"),
    "students": ("Student",),
    "phones": (*_CONTACTS, "ContactPhone"),
    "emails": _CONTACTS,
    "addresses": (*_CONTACTS, "ContactAddress"),
}
_UNKNOWN = {
    "guardians": "more guardians may be one person",
    "students": "which students may be one person is not known",
} | {shared: f"which people share {shared} is not known" for shared in _SHARED}


def duplicates(reader: Reader, by: str = "guardians") -> pd.DataFrame:
    """Groups of people, the largest first: one row per person, with the number of the group.

    Args:
        reader: the run.
        by: guardians or students who may be one person; or the phones, emails or addresses that several
            guardians and other contacts share.

    Raises:
        DataError: it is none of these, or the run was not built.
    """
    kinds = {kind.removesuffix("s"): kind for kind in GROUPED_BY} | {"address": "addresses"}
    named = choose(kinds.get(by.casefold(), by), GROUPED_BY, "kind of duplicates")
    reader.require_built()
    is_shared = named in _SHARED
    name = "duplicates_shared" if is_shared else f"duplicates_{named}"
    frame = reader.frame(query(name), {"by": named} if is_shared else None)
    if unknown := lacking(reader.missing, _NEEDED[named], _UNKNOWN[named]):
        sys.stdout.write(f"{unknown}\n")
    return frame.assign(status=quarantined_in_words(frame["status"])) if "status" in frame else frame
