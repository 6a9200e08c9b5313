"""The command line."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import typer

from district.folder import DistrictFolder
from district.private_files import keep_private
from extract.errors import StoreBusyError
from night.commands import analyst, decisions, delivery, forget, nights, results, sandbox, setup
from night.lock import work_words
from night.machine.interruption import SIGNALS, came, raise_on
from night.machine.troubles import watch
from night.terminal.console import RETRY, error_line, in_a_line

app = typer.Typer(
    name="plus360",
    help="Pulls a school district's demographics out of eSchoolPLUS, checks them, and makes an import "
    "that is safe to load.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

STOPPED = "interrupted. What was published before stays"


def in_one_line(command: Callable[..., None]) -> Callable[..., None]:
    """The same command, with anything that goes wrong in one line: a traceback may quote data."""

    @functools.wraps(command)
    def run(**options: object) -> None:
        data, district = options.get("data"), options.get("district")
        if isinstance(data, Path):
            watch(data)
        try:
            command(**options)
        except typer.Exit:
            raise
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
            return
        raise typer.Exit(RETRY)

    return run


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
    results.report,
    results.export,
    forget.forget,
    analyst.explore,
    sandbox.demo,
    sandbox.sandbox,
):
    app.command()(in_one_line(command))


def main() -> None:
    """Entry point of the console script: whatever goes wrong is one line, for a traceback may quote data."""
    keep_private()
    raise_on(*SIGNALS)
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
