"""The import files of two runs, compared row by row and column by column."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing

import duckdb
import pandas as pd

from district.folder import NightFolder
from district.import_layouts import layout_columns
from qa.analyst.frames import frame_of
from qa.analyst.reader import query

# What identifies a row of a file, as fields of the import.
_KEYS = {"students.csv": ["student_id"], "guardians.csv": ["student_id", "contact_id"]}
_COLUMNS = ["column", "before", "added", "removed", "changed", "emptied", "newly_filled", "after"]
# One thread: a quoted cell may contain line ends.
_READ = """read_csv(
    $path, header = true, all_varchar = true, parallel = false, delim = ',', quote = '"', escape = '"'
)"""


def compare_files(before: NightFolder, after: NightFolder) -> pd.DataFrame:
    """One row per file, with its records, and one per column that changed in some row.

    Returns:
        file, column (NA: the file's records), before, added, removed, changed, emptied, newly_filled, after.
        No row where one of the runs has no import, which is said in a line.
    """
    for night in (before, after):
        if not night.export.is_dir():
            sys.stdout.write(f"Run {night.run_id} has no import: only published and held runs do.\n")
    frames = [
        _compare(file, before, after)
        for file in _KEYS
        if (before.export / file).exists() and (after.export / file).exists()
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["file", *_COLUMNS])


def _compare(file: str, before: NightFolder, after: NightFolder) -> pd.DataFrame:
    layouts = [one for one in layout_columns() if one.file == file]
    headings = {one.field: one.column_name for one in layouts}
    known = {one.column_name for one in layouts}
    with closing(duckdb.connect(":memory:")) as con:
        known &= set(_columns(con, before, file))
        columns = [name for name in _columns(con, after, file) if name in known]
        keys = ", ".join(f'"{headings[key]}"' for key in _KEYS[file])
        for name, night in (("before", before), ("after", after)):
            selected = ", ".join(f'"{column}"' for column in columns)
            con.execute(
                f"create temp table import_{name} as select concat_ws('/', {keys}) as file_key, {selected} "
                f"from {_READ}",
                {"path": str(night.export / file)},
            )
        found = frame_of(con.execute(query("file_changes"), {"columns": columns}))
    found.insert(0, "file", file)
    return found.astype({"file": "string"})


def _columns(con: duckdb.DuckDBPyConnection, night: NightFolder, file: str) -> Iterator[str]:
    described = con.execute(f"select * from {_READ} limit 0", {"path": str(night.export / file)}).description
    return (column[0] for column in described or [])
