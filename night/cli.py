"""The command line."""

from __future__ import annotations

import typer

from district.private_files import keep_private
from night.commands import analyst, decisions, nights, results, sandbox, setup
from night.terminal.console import RETRY, error_line, in_a_line

app = typer.Typer(
    name="plus360",
    help="Pulls a school district's demographics out of eSchoolPLUS, checks them, and makes an import "
    "that is safe to load.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
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
    results.report,
    results.export,
    analyst.explore,
    sandbox.demo,
    sandbox.sandbox,
):
    app.command()(command)


def main() -> None:
    """Entry point of the console script: whatever goes wrong is one line, for a traceback may quote data."""
    keep_private()
    try:
        app()
    except Exception as error:
        error_line(in_a_line(error))
        raise SystemExit(RETRY) from None


if __name__ == "__main__":
    main()
