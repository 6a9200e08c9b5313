"""The dbt project, parsed: once after each change of it, for every command, district and run that follows."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from shutil import copyfile

from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from district.checkout import DBT_PROJECT
from district.credentials import without_secrets
from district.data_folder import DataFolder
from district.errors import Plus360Error
from district.private_files import draft_of, make_private_folder
from district.temporary import temporary_folder
from night.machine.interruption import end_if_it_came

# dbt's messages can quote data: nothing of them goes to a log file or to the terminal. What the nightly run
# needs to know is in the warehouse: dbt's JSON files are not written.
QUIET = [
    "--quiet",
    "--log-level",
    "none",
    "--log-level-file",
    "none",
    "--no-version-check",
    "--no-write-json",
    "--no-use-colors",
]
# The one variable of the environment that the dbt project reads.
DISTRICT_DIR = "PLUS360_DISTRICT_DIR"
FOLDERS = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]

# What dbt calls a project that it has parsed.
_DBT_NAME = "partial_parse.msgpack"
_LIBRARIES = ("dbt-core", "dbt-common", "dbt-adapters", "dbt-duckdb")
_of_this_process: list[Manifest] = []


class NotParsedError(Plus360Error):
    """dbt could not parse the project."""


def parsed_project(data: DataFolder | None = None) -> Manifest:
    """The dbt project, parsed once per process: it is the same for every district and run.

    Each build reads the variables and the district's folder again.

    Args:
        data: where it is kept for the commands to come. Parsing takes 3 seconds, reading it half of one.

    Raises:
        NotParsedError: the project can't be parsed. This is not kept: with room again, it may work.
        KeyboardInterrupt: it was interrupted.
    """
    if not _of_this_process:
        _of_this_process.append(parse(data.dbt / f"{fingerprint()}.msgpack" if data else None))
    return _of_this_process[0]


def parse(kept: Path | None) -> Manifest:
    """Parse the project, or have dbt read it where it is kept; dbt parses again what is damaged.

    Nothing is kept behind a link.

    Raises:
        NotParsedError: the project can't be parsed.
        KeyboardInterrupt: it was interrupted.
    """
    if kept and kept.parent.is_symlink():  # to another such folder, maybe, whose files would be removed
        kept = None
    # The profile names the district's folder; parsing opens nothing there.
    with temporary_folder() as target, without_secrets(**{DISTRICT_DIR: str(DBT_PROJECT)}):
        options = writing_to(target)
        if kept:
            with suppress(OSError):  # there is none yet
                copy = copyfile(kept, target / kept.name)
                options += ["--partial-parse-file-path", str(copy)]
        result = dbtRunner().invoke(["parse", *QUIET, *FOLDERS, *options])
        raise_interruption(result)
        if not isinstance(result.result, Manifest):
            raise NotParsedError("dbt could not parse dbt_project/: it is incomplete, or was changed")
        if kept and (target / _DBT_NAME).exists():  # dbt writes it only where it has parsed
            with suppress(OSError):  # no room: the next command parses, too
                _keep(target / _DBT_NAME, kept)
    return result.result


def writing_to(folder: Path) -> list[str]:
    """Options of dbt: everything of its own goes to a folder; the checkout may be read-only."""
    return ["--target-path", str(folder), "--log-path", str(folder)]


def raise_interruption(result: dbtRunnerResult) -> None:
    """Go on with an interruption that dbt or DuckDB caught: what they say of it is another error, or none."""
    if isinstance(result.exception, KeyboardInterrupt):
        raise KeyboardInterrupt from None
    end_if_it_came()


def _keep(parsed: Path, kept: Path) -> None:
    """Put it in its place in one step, for other commands may be reading; those of other projects go."""
    make_private_folder(kept.parent)
    with draft_of(kept) as draft:
        copyfile(parsed, draft)
    for other in kept.parent.glob("*.msgpack"):
        if other != kept:
            other.unlink(missing_ok=True)


def fingerprint() -> str:
    """What decides what a parsed project is: the project's files, and dbt's versions."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for path in sorted(DBT_PROJECT.rglob("*")):
        if path.suffix in {".sql", ".yml", ".csv", ".md"} and path.is_file():
            digest.update(
                f"{path.relative_to(DBT_PROJECT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
            )
    return digest.hexdigest()[:32]
