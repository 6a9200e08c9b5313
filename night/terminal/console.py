"""What every command shares to speak with: the two streams, a refusal in one line, any error in one line."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, TextIO

import typer
from rich.console import Console

from district.errors import Plus360Error
from night.log.journal import note
from night.machine.interruption import INTERRUPTED, came
from night.machine.troubles import words_of

console = Console()

# Exit codes. For `night`: 2 nothing ran; else 1 a district failed or was published without its report (a
# retry may help); else 3 a district was stopped (a person must act); else 0.
DONE, RETRY, WRONG_USE, ACT = 0, 1, 2, 3


def exit_code(transient: Iterable[bool]) -> int:
    """What a command ends with: 0 without any fault, 1 where all faults are transient, else 3."""
    faults = list(transient)
    if not faults:
        return DONE
    return RETRY if all(faults) else ACT


class Refused(typer.Exit):
    """A command can't run.

    Attributes:
        lines: why.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(WRONG_USE)
        self.lines = lines


def line(text: str) -> None:
    """Print one line to stdout as it is: no colors, no wrapping."""
    write_line(sys.stdout, text)


def logged_line(text: str, district: str) -> None:
    """Print one line to stdout about a district; the log of the command at work has it, too."""
    line(f"{district}: {text}")
    note(text, district=district)


def error_line(text: str) -> None:
    """Print one line to stderr as it is; the log of the command at work has it, too."""
    write_line(sys.stderr, text)
    note(text, level="error")


def refuse(*lines: str) -> NoReturn:
    """Say why a command can't run, and end with exit code 2."""
    for text in lines:
        error_line(text)
    raise Refused(lines)


def write_line(stream: TextIO, text: str) -> None:
    """Write a line; a reader that is gone, or a full disk behind it, ends no run."""
    try:
        print(text, file=stream, flush=True)
    except OSError:
        # What is left in the buffer goes nowhere, also when Python empties it at its end.
        with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())


def in_a_line(error: Exception) -> str:
    """An error for the operator. Only our own text is shown: what others worded may quote data."""
    if came():
        return INTERRUPTED
    if isinstance(error, Plus360Error):
        return str(error)
    if words := words_of(error):
        return words
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"unexpected {type(error).__name__} at {Path(place.filename).name}:{place.lineno}. "
        "Please report this line to the plus360 project"
    )
