"""The command line."""

from __future__ import annotations

import functools
import platform
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import version as version_of
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from district.checkout import PYPROJECT
from district.data_folder import DataFolder
from district.folder import DistrictFolder
from district.private_files import keep_private
from extract.errors import StoreBusyError
from night.commands import decisions, delivery, fleet, forget, nights, results, sandbox, setup
from night.commands.workbench import docs, explore, notebook, trace
from night.lock import work_words
from night.log.journal import Journal, begun, note
from night.log.log_file import log_outlet
from night.machine.interruption import SIGNALS, came, raise_on
from night.machine.troubles import watch
from night.terminal.console import DONE, RETRY, error_line, in_a_line, line

app = typer.Typer(
    name="plus360",
    help="Pulls a school district's demographics out of eSchoolPLUS, checks them, and makes an import "
    "that is safe to load.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

STOPPED = "interrupted. What was published before stays"


# Commands that work on districts: what they say is in the log.
LOGGED = frozenset(
    {
        "night",
        "extract",
        "build",
        "release",
        "discard",
        "pause",
        "resume",
        "deliver",
        "report",
        "export",
        "forget",
    }
)


def in_one_line(command: Callable[..., None]) -> Callable[..., None]:
    """The same command, with anything that goes wrong in one line: a traceback may quote data."""
    name = command.__name__

    @functools.wraps(command)
    def run(**options: object) -> None:
        data, district = options.get("data"), options.get("district")
        outlets = []
        if isinstance(data, Path):
            watch(data)
            outlets = [log_outlet(DataFolder(data))] if name in LOGGED else []
        with begun(Journal(name, *outlets)):
            code = _exit_code(command, options)
            of = district if isinstance(district, str) else ""
            ended = f"plus360 {name} ended with exit code {code}"
            note(ended, level="error" if code else "info", district=of)
        raise typer.Exit(code)

    return run


def _exit_code(command: Callable[..., None], options: dict[str, object]) -> int:
    """Run a command; what it ends with."""
    data, district = options.get("data"), options.get("district")
    try:
        command(**options)
    except typer.Exit as ended:
        return ended.exit_code
    except KeyboardInterrupt:
        error_line(STOPPED)
    except StoreBusyError as error:
        # Where a command of ours has the district, it is no other program that has raw.duckdb open.
        work = None
        if isinstance(data, Path) and isinstance(district, str):
            work = work_words(DistrictFolder.of(data, district))
        error_line(STOPPED if came() else work or in_a_line(error))
    except Exception as error:
        error_line(STOPPED if came() else in_a_line(error))
    else:
        return DONE
    return RETRY


for command in (
    setup.check,
    nights.night,
    nights.extract,
    nights.build,
    decisions.release,
    decisions.discard,
    decisions.pause,
    decisions.resume,
    decisions.worklist,
    delivery.deliver,
    fleet.status,
    fleet.index,
    results.report,
    results.export,
    forget.forget,
    trace.trace,
    docs.docs,
    explore.explore,
    notebook.notebook,
    sandbox.demo,
    sandbox.sandbox,
):
    app.command()(in_one_line(command))


def _say_version(wanted: bool) -> None:
    if wanted:
        project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
        parts = ", ".join(f"{name} {version_of(name)}" for name in ("dbt-core", "dbt-duckdb", "duckdb"))
        line(f"plus360 {project['version']} ({parts}, Python {platform.python_version()})")
        raise typer.Exit


@app.callback()
def about(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What holds for all commands."""


def main() -> None:
    """Entry point of the console script: whatever goes wrong is one line, for a traceback may quote data."""
    keep_private()
    raise_on(*SIGNALS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without some letter gets its code instead
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except KeyboardInterrupt:  # before or after a command
        error_line(STOPPED)
        raise SystemExit(RETRY) from None
    except Exception as error:
        error_line(in_a_line(error))
        raise SystemExit(RETRY) from None


if __name__ == "__main__":
    main()
