"""What there is of a district: its runs, what each endpoint sent, how complete it is, and its links."""

from __future__ import annotations

import pandas as pd

from district.endpoints import BY_NAME, ENDPOINTS
from qa.analyst.reader import Reader, query


def nights(reader: Reader) -> pd.DataFrame:
    """One row per kept run, the newest first.

    `complete` counts its complete pulls, of seven; `started_at` is in UTC.
    """
    found = reader.frame(query("kept_nights"), received_only=True)
    published = reader.folder.published
    runs = found["run_id"].astype(object)
    return found.assign(
        is_published=(runs == published.run_id if published else runs.isna()).astype("boolean"),
        has_warehouse=runs.map(lambda run_id: reader.folder.night(run_id).warehouse.exists()).astype(
            "boolean"
        ),
    )


def endpoints(reader: Reader, run_id: str | None = None) -> pd.DataFrame:
    """One row per endpoint: how its pull ended in a run, and the mart that holds its records."""
    asked = reader.run_of(run_id)
    names = [endpoint.name for endpoint in ENDPOINTS]
    found = reader.frame(query("endpoints"), {"run_id": asked, "endpoints": names}, received_only=True)
    marts = found["endpoint"].map(lambda name: BY_NAME[name].mart).astype("string")
    found.insert(1, "mart", marts)
    return found


def completeness(reader: Reader) -> pd.DataFrame:
    """One row per field of enrolled students, and of the rows of guardians.csv: how many have a value.

    A guardian is in the file, and is counted here, once for each of the students. `note` says where a number
    is not known.
    """
    return _built(reader, "completeness")


def links(reader: Reader) -> pd.DataFrame:
    """One row per kind of link and number: how many students have no guardian, one, two ...

    Links whose endpoint was not received are left out.
    """
    return _built(reader, "links")


def _built(reader: Reader, name: str) -> pd.DataFrame:
    reader.require_built()
    return reader.frame(query(name), {"missing": reader.missing})
