"""The baseline: the last published import, read back into a database that dbt compares tonight's with."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from district.folder import DistrictFolder, NightFolder
from district.import_layouts import layout_columns
from district.private_files import draft_of, make_private_folder, private_files
from night.decisions.history import imported_files, published_runs
from night.delivery.record import awaits_confirmation, delivered_run
from night.export import STATE_COLUMNS, ExportError, Manifest, sha256_of
from night.record import NightRecord

Fault = Literal["missing", "modified"]

# The files of an import, and the table of the baseline that each is read into.
_TABLES = {"students.csv": "students", "guardians.csv": "guardians"}
# What the files are written with (csv.writer): RFC 4180, an empty cell is null. One thread: a quoted cell may
# contain line ends.
_RFC_4180 = """
    header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '',
    strict_mode = true, parallel = false, max_line_size = 16777216, buffer_size = 33554432
"""


@dataclass(frozen=True)
class Baseline:
    """What the special-programs system was last given.

    Attributes:
        run_id: the last published run; None where nothing was published yet.
        fault: why its files can't be used; None where they are as they were published.
        rows: of each of its files.
    """

    run_id: str | None
    fault: Fault | None
    rows: dict[str, int]


def write_baseline(folder: DistrictFolder, *, delivers: bool = False) -> Baseline:
    """Write `folder.baseline` from the import that the special-programs system has.

    That is the one behind `published`; where the settings deliver, the last one that was delivered. Its files
    are checked against their manifest.

    There is always a complete file: its tables are empty where there is no published import, or where its
    files can't be trusted, and `status` says which. A file that is open elsewhere is replaced, never changed.

    Args:
        folder: the district's.
        delivers: whether the district's settings deliver its import.

    Raises:
        Plus360Error: raw.duckdb can't be read.
        OSError: the file can't be written.
    """
    night = _last_delivered(folder) if delivers else None
    night = night or folder.published
    run_id, manifest, fault = _find_import(folder, night)
    is_unconfirmed = delivers and awaits_confirmation(folder)
    make_private_folder(folder.build)
    # DuckDB would replay the journal of an older file into the new one.
    folder.baseline.with_name(folder.baseline.name + ".wal").unlink(missing_ok=True)
    with draft_of(folder.baseline) as draft, private_files():
        try:
            rows = _fill(draft, run_id, night, manifest, fault, is_unconfirmed=is_unconfirmed)
        except (duckdb.Error, OSError, ValueError):
            # The files have the manifest's hash and are still none of ours.
            fault = "modified"
            rows = _fill(draft, run_id, None, None, fault, is_unconfirmed=is_unconfirmed)
    return Baseline(run_id, fault, rows)


def _last_delivered(folder: DistrictFolder) -> NightFolder | None:
    """The run that was delivered last, where it is still there; it may be older than the published one."""
    run_id = delivered_run(folder)
    night = folder.night(run_id) if run_id else None
    return night if night and night.export.is_dir() else None


def _find_import(
    folder: DistrictFolder, night: NightFolder | None
) -> tuple[str | None, Manifest | None, Fault | None]:
    """A run's id, its manifest where its files can be used, and the fault where they can't."""
    if night is None:
        # History may have been lost along with the link: the runs' own records say it, too.
        recorded = [run.run_id for run in NightRecord.of_district(folder) if run.verdict == "published"]
        run_ids = sorted({*published_runs(folder), *recorded})
        if folder.published_link.is_symlink():
            run_ids.append(folder.published_link.readlink().name)
        return (run_ids[-1], None, "missing") if run_ids else (None, None, None)
    try:
        manifest = Manifest.of(night.export)
    except ExportError:
        return night.run_id, None, "missing"
    told = imported_files(folder, night.run_id)
    for name, file in manifest.files.items():
        path = night.export / name
        if name not in _TABLES or not path.is_file():
            return night.run_id, None, "missing"
        if sha256_of(path) != file.sha256 or told.get(name, file.sha256) != file.sha256:
            return night.run_id, None, "modified"
    if told.keys() - manifest.files.keys() or manifest.run_id != night.run_id:
        return night.run_id, None, "modified"
    return night.run_id, manifest, None


def _fill(
    draft: Path,
    run_id: str | None,
    night: NightFolder | None,
    manifest: Manifest | None,
    fault: Fault | None,
    *,
    is_unconfirmed: bool,
) -> dict[str, int]:
    """Write the database at `draft`; with a manifest, from the files of its run."""
    draft.unlink(missing_ok=True)  # DuckDB makes the file itself: it refuses one of 0 bytes
    fields: dict[str, list[str] | None] = dict.fromkeys(_TABLES)
    rows = {}
    with duckdb.connect(str(draft), config={"threads": 1}) as con:
        # It lives for one build: compressing it takes longer than reading it.
        con.execute("set force_compression = 'uncompressed'")
        con.execute("create schema published")
        _make_state(con, night.load_state if night and manifest else None)
        for name, table in _TABLES.items():
            all_fields = list(dict.fromkeys(_fields_by_column(name).values()))
            columns = ", ".join(f"{field} varchar" for field in [*all_fields, "school_id", "kept_as"])
            con.execute(f"create table published.{table} ({columns})")
            if night and manifest and name in manifest.files:
                fields[name] = _read_file(con, night.export / name, table)
                rows[name] = manifest.files[name].rows
                if con.table(f"published.{table}").shape[0] != rows[name]:
                    raise ValueError(name)
        con.execute(
            """
            create table published.status (
                run_id varchar, layout varchar, district_id varchar, student_fields varchar[],
                guardian_fields varchar[], fault varchar, is_unconfirmed boolean
            )
            """
        )
        con.execute(
            "insert into published.status values (?, ?, ?, ?, ?, ?, ?)",
            [
                run_id,
                manifest.layout if manifest else None,
                manifest.district_id if manifest else None,
                *fields.values(),
                fault,
                is_unconfirmed,
            ],
        )
    return rows


def _make_state(con: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    """The state of the published run's records; a file that is missing or damaged counts as empty."""
    types = ", ".join(f"{name} {'bigint' if name == 'runs' else 'varchar'}" for name in STATE_COLUMNS)
    con.execute(f"create table published.state ({types})")
    if path is None or not path.is_file():
        return
    try:
        con.execute(
            f"insert into published.state by name select * replace (try_cast(runs as bigint) as runs) "
            f"from {_csv(STATE_COLUMNS)}",
            [str(path)],
        )
    except duckdb.Error:
        con.execute("delete from published.state")


def _read_file(con: duckdb.DuckDBPyConnection, path: Path, table: str) -> list[str]:
    """Read a file of the import into its table; the fields that it has."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    known = _fields_by_column(path.name)
    fields = [known[column] for column in header if column in known]
    names = [known.get(column, f"column {place}") for place, column in enumerate(header)]
    join = "file.student_id = state.student_id and " + (
        "state.file = 'students'"
        if table == "students"
        else "state.file = 'guardians' and file.contact_id = state.contact_id"
    )
    con.execute(
        f"""
        insert into published.{table} by name
        select {", ".join(f"file.{field}" for field in fields)}, state.school_id,
            case when state.effect in ('carried', 'departed') then state.effect end as kept_as
        from {_csv(names)} as file
        left join published.state as state on {join}
        """,
        [str(path)],
    )
    return fields


def _csv(columns: Iterable[str]) -> str:
    types = ", ".join(f"'{column}': 'varchar'" for column in columns)
    return f"read_csv(?, columns = {{{types}}}, {_RFC_4180})"


def _fields_by_column(name: str) -> dict[str, str]:
    """The fields of a file by the names of its columns, in all layouts: a layout may change after a run."""
    return {column.column_name: column.field for column in layout_columns() if column.file == name}
