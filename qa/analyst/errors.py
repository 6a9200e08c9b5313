"""What an analyst is told when something that was asked for is not there, or can't be read."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import duckdb

from district.endpoints import BY_MART, BY_NAME, Endpoint
from district.errors import Plus360Error
from district.folder import DistrictFolder
from extract.errors import StoreBusyError
from extract.store.database_faults import is_of_the_file

# So many names of what there is are listed in an error.
MOST_LISTED = 20


class OneLine:
    """Mixed into an error that a notebook shows as one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:  # IPython's own hook
        return [str(self)]


class DataError(OneLine, Plus360Error):
    """What was asked for does not exist, or a nightly run is using the file."""


class QueryError(OneLine, ValueError):
    """An SQL query of the analyst can't be run. Its text may quote data: for the notebook's eyes only."""

    def __init__(self, query: str, error: duckdb.Error | str) -> None:
        """Take DuckDB's words, in one line; of a query of several lines, with the line's number."""
        words, _, where = str(error).partition("\nLINE ")
        place = f" (line {where.partition(':')[0]})" if where and "\n" in query.strip() else ""
        super().__init__(" ".join(words.split()) + place)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Inside, whatever keeps a file from being read is a DataError of one line. Errors of a query stay.

    Raises:
        DataError: a file is being written, is damaged or missing, or there is not enough memory.
    """
    try:
        yield
    except DataError:
        raise
    except StoreBusyError:
        raise DataError(
            "A nightly run is writing to this district. Try again when it has finished."
        ) from None
    except Plus360Error as error:
        raise DataError(_sentence(str(error))) from None
    except duckdb.OutOfMemoryException:
        raise DataError(
            "There is not enough memory for this question. Ask for fewer columns or rows, or close other "
            "notebooks."
        ) from None
    except duckdb.Error as error:
        if not is_of_the_file(error):
            raise
        raise DataError(
            f"DuckDB could not read the district's files ({type(error).__name__}). Try again; if it stays, "
            "the next nightly run writes a new warehouse."
        ) from None


@contextmanager
def finished_build(run_id: str, published: str) -> Iterator[None]:
    """Inside, a table of the warehouse that is not there is a DataError of one line.

    Args:
        run_id: the run whose warehouse is read.
        published: how another run that has all tables is opened; "" if there is none.

    Raises:
        DataError: the build ended before it made the table.
    """
    try:
        yield
    except duckdb.CatalogException:  # our queries name nothing else that may not be there
        other = f" The last published run has all tables: {published}." if published else ""
        raise DataError(
            f"The build of run {run_id} did not end, so a table that this reads is not there: records, "
            f"labels, findings, compare, changes and trace still answer for it.{other}"
        ) from None


def choose(name: str, known: Collection[str], what: str) -> str:
    """One of the known names, whatever its upper and lower case.

    Args:
        name: as the analyst wrote it.
        known: what there is.
        what: the kind of thing, as "endpoint".

    Raises:
        DataError: there is none of that name; it says which one may have been meant, or which there are.
    """
    if name in known:
        return name
    spelled = {one.casefold(): one for one in known}
    if name.casefold() in spelled:
        return spelled[name.casefold()]
    near = difflib.get_close_matches(name.casefold(), spelled, n=1, cutoff=0.6)
    hint = f"did you mean {spelled[near[0]]}?" if near else f"there are {_listed(known)}."
    raise DataError(f"There is no {what} {name!r}; {hint}")


def no_district(folder: DistrictFolder) -> DataError:
    """What is said where a district has no data: which folder was searched, and which districts it has."""
    data, known = folder.path.parent, folder.pulled_beside()
    if known:
        return DataError(f"There is no district {folder.key!r} in {data}; there are {_listed(known)}.")
    return DataError(
        f"There is no district {folder.key!r} in {data}, and no other one. Name the folder of all districts: "
        f'District({folder.key!r}, data="..."), or the variable PLUS360_DATA.'
    )


def choose_endpoint(name: str) -> Endpoint:
    """An endpoint by its name or by its mart's, whatever the case: Student, students.

    Raises:
        DataError: there is none of that name.
    """
    if not isinstance(name, str):
        raise DataError(f'An endpoint is named by a text, such as "Student"; this is {name!r}.')
    return BY_MART.get(name.casefold()) or BY_NAME[choose(name, list(BY_NAME), "endpoint")]


def _listed(names: Collection[str]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join(list(names)[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def _sentence(text: str) -> str:
    if "." in text.split(maxsplit=1)[0]:  # a file's name
        return text + ("" if text.endswith((".", "?", "!")) else ".")
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
