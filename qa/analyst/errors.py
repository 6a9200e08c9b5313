"""What an analyst is told when something that was asked for is not there."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from district.errors import Plus360Error


class OneLine(Exception):  # noqa: N818 - it is mixed into errors, and never raised
    """An error that a notebook shows as one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:  # IPython's own hook
        return [str(self)]


class DataError(OneLine, Plus360Error):
    """What was asked for does not exist, or a nightly run is using the file."""


class QueryError(OneLine):
    """An SQL query of the analyst can't be run. Its text may quote data: for the notebook's eyes only."""


def choose(name: str, known: Collection[str], what: str) -> str:
    """One of the known names, whatever its upper and lower case.

    Args:
        name: as the analyst wrote it.
        known: what there is.
        what: the kind of thing, as "endpoint".

    Raises:
        DataError: there is none of that name; it says which one may have been meant, or which there are.
    """
    spelled = {one.casefold(): one for one in known}
    if name.casefold() in spelled:
        return spelled[name.casefold()]
    near = difflib.get_close_matches(name.casefold(), spelled, n=1, cutoff=0.6)
    hint = f"did you mean {spelled[near[0]]}?" if near else f"there are {', '.join(known)}."
    raise DataError(f"There is no {what} {name!r}; {hint}")
