"""The import: students.csv, guardians.csv (RFC 4180, UTF-8) and a manifest that says what they are."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from district.errors import Plus360Error
from district.folder import MANIFEST, NightFolder
from district.private_files import draft_of, make_missing_folder, make_private_folder
from qa.contract_types import RunId
from qa.warehouse import open_warehouse

# The files of an import; which of them a run has, and their columns, marts.import_files says.
IMPORT_FILES = ("students.csv", "guardians.csv")
# The mart that holds the rows of each file, and the columns that order them, so that any diff tool can
# compare the files of two nightly runs.
_MARTS = {
    "students.csv": ("import_students", "student_id"),
    "guardians.csv": ("import_guardians", "student_id, contact_id"),
}
# marts.import_state, which the next nightly run reads back.
STATE_COLUMNS = (
    "file",
    "student_id",
    "contact_id",
    "school_id",
    "effect",
    "check_id",
    "since_run_id",
    "runs",
)
BATCH_ROWS = 10_000


class ExportError(Plus360Error):
    """The import can't be written there, or was changed after it was written."""

    needs_a_person = True


class ImportFile(BaseModel):
    """One file of the import.

    Attributes:
        rows: without the header.
        sha256: of its bytes.
    """

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[int, Field(ge=0)]
    sha256: str


class Manifest(BaseModel):
    """What an import is: written last, so that who finds it finds the files it names, complete.

    Attributes:
        plus360_version: what wrote it.
        layout: of seed import_layouts.
        district_id: the district's number in its own records.
        settings_sha256: of the settings that decide what is in the files.
        files: those that the layout has.
    """

    # A manifest of an earlier version has fewer fields, and some of its own.
    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    schema_: Literal[1] = Field(default=1, alias="schema")
    district: str
    run_id: RunId
    plus360_version: str | None = None
    layout: str = "standard"
    district_id: str | None = None
    settings_sha256: str | None = None
    files: dict[str, ImportFile]

    @classmethod
    def of(cls, folder: Path) -> Manifest:
        """The manifest of a folder.

        Raises:
            ExportError: there is none, or none that can be read.
        """
        try:
            return cls.model_validate_json((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise ExportError(
                f"the published import has no readable {MANIFEST}. Run plus360 export without --to first"
            ) from None

    def content(self) -> bytes:
        """What the file holds."""
        return self.model_dump_json(by_alias=True, indent=2).encode() + b"\n"


def write_export(night: NightFolder) -> Manifest:
    """Write the import of a run from its warehouse into its folder, file by file, the manifest last.

    Each file takes its name only when it is complete, so whoever polls the folder never misses a file. A file
    that the run's layout doesn't have is removed after the manifest stopped naming it. What the next run must
    know of the records and the files don't say goes to `night.load_state`.

    Raises:
        ExportError: the folder can't be written to.
    """
    make_private_folder(night.export)
    make_private_folder(night.load_state.parent)
    with open_warehouse(night) as warehouse:
        layout = warehouse.execute(
            "select file, layout, district_id, settings_sha256, column_names, field_names "
            "from marts.import_files"
        ).fetchall()
        files = {}
        for name, *_, columns, fields in sorted(layout, key=lambda row: IMPORT_FILES.index(row[0])):
            mart, order = _MARTS[name]
            files[name] = _put(night.export / name, _csv_writer(warehouse, mart, order, columns, fields))
        _put(
            night.load_state,
            _csv_writer(warehouse, "import_state", "all", STATE_COLUMNS, STATE_COLUMNS),
        )
    _, layout_name, district_id, settings_sha256, *_ = layout[0]
    manifest = Manifest(
        district=night.district.key,
        run_id=night.run_id,
        plus360_version=version("plus360-demographics"),
        layout=layout_name,
        district_id=district_id,
        settings_sha256=settings_sha256 or None,
        files=files,
    )
    _put(night.export / MANIFEST, _bytes_writer(manifest.content()))
    for name in IMPORT_FILES:
        if name not in files:
            (night.export / name).unlink(missing_ok=True)
    return manifest


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as a manifest has it; empty where the file can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def copy_export(night: NightFolder, target: Path) -> Manifest:
    """Copy a run's import into any folder, file by file, the manifest last; nothing else there is touched.

    Raises:
        ExportError: it was changed after it was written, or `target` can't be written to, or is ours.
    """
    if target.resolve().is_relative_to(night.district.path):
        raise ExportError(
            f"{night.export} has the import of {night.district.key} already: name a folder outside of data/"
        )
    manifest = Manifest.of(night.export)
    contents = files_of(night, manifest)
    try:
        make_missing_folder(target)
        for name, content in contents.items():
            _put(target / name, _bytes_writer(content))
        _put(target / MANIFEST, _bytes_writer(manifest.content()))
    except OSError:
        raise ExportError(f"can't write to {target}: name a folder that you may write to") from None
    return manifest


def files_of(night: NightFolder, manifest: Manifest) -> dict[str, bytes]:
    """What the files of a run's import hold, by name.

    Raises:
        ExportError: one is missing, or was changed after it was written.
    """
    return {name: _unchanged(night, name, file) for name, file in manifest.files.items()}


def _unchanged(night: NightFolder, name: str, expected: ImportFile) -> bytes:
    """A file of a run's import, as its manifest has it."""
    source = night.export / name
    content = source.read_bytes() if source.is_file() else b""
    if hashlib.sha256(content).hexdigest() != expected.sha256:
        raise ExportError(
            f"{name} of the published import is missing or was changed after it was published. "
            f"Run plus360 export {night.district.key} to write it again, then repeat this command"
        )
    return content


# Writes a file's content, and says how many rows that were.
_Writer = Callable[[Path], int]


def _put(place: Path, write: _Writer) -> ImportFile:
    """Write a file beside its place, then rename it; says what it is."""
    with draft_of(place) as draft:
        rows = write(draft)
        return ImportFile(rows=rows, sha256=sha256_of(draft))


def _csv_writer(
    warehouse: duckdb.DuckDBPyConnection, mart: str, order: str, columns: Sequence[str], fields: Sequence[str]
) -> _Writer:
    def write(path: Path) -> int:
        rows = warehouse.execute(f"select {', '.join(fields)} from marts.{mart} order by {order}")
        written = 0
        # Python's writer, not DuckDB's: RFC 4180 ends a line with CR LF.
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            while batch := rows.fetchmany(BATCH_ROWS):
                writer.writerows(batch)
                written += len(batch)
        return written

    return write


def _bytes_writer(content: bytes) -> _Writer:
    def write(path: Path) -> int:
        path.write_bytes(content)
        return 0

    return write
