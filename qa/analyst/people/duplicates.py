"""People who may be one person, and what several people share."""

from __future__ import annotations

import pandas as pd

from qa.analyst.errors import choose
from qa.analyst.people.findings import require_warehouse
from qa.analyst.reader import Reader, query

# What can be asked for; each has its query.
GROUPED_BY = ("guardians", "students", "phones", "emails", "addresses")


def duplicates(reader: Reader, by: str = "guardians") -> pd.DataFrame:
    """Groups of people, the largest first: one row per person, with the number of the group.

    Args:
        reader: the run.
        by: guardians or students who may be one person; or the phones, emails or addresses that several
            guardians and other contacts share.

    Raises:
        DataError: it is none of these, or the run was not built.
    """
    named = choose(by if by.endswith("s") else f"{by}s", GROUPED_BY, "kind of duplicates")
    require_warehouse(reader)
    return reader.frame(query(f"duplicates_{named}"))
