"""People who may be one person, and what several people share."""

from __future__ import annotations

import pandas as pd

from qa.analyst.errors import choose
from qa.analyst.people.findings import quarantined_in_words
from qa.analyst.reader import Reader, query

# What several people can share, in one query; people who may be one person have a query each.
_SHARED = ("phones", "emails", "addresses")
GROUPED_BY = ("guardians", "students", *_SHARED)


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
    if named in _SHARED:
        return reader.frame(query("duplicates_shared"), {"by": named})
    frame = reader.frame(query(f"duplicates_{named}"))
    return frame.assign(status=quarantined_in_words(frame["status"])) if "status" in frame else frame
