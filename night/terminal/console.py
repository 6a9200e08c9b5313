"""What every command shares to speak with: the two streams, a refusal in one line, any error in one line."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from district.errors import Plus360Error
from night.machine.interruption import INTERRUPTED, came
from night.machine.troubles import words_of

console = Console()
errors = Console(stderr=True)

# Exit codes. For `night`: 2 nothing ran; else 1 a district failed or was published without its report (a
# retry may help); else 3 a district was stopped (a person must act); else 0.
DONE, RETRY, WRONG_USE, ACT = 0, 1, 2, 3


def exit_code(transient: Iterable[bool]) -> int:
    """What a command ends with: 0 without any fault, 1 where all faults are transient, else 3."""
    faults = list(transient)
    if not faults:
        return DONE
    return RETRY if all(faults) else ACT


def line(text: str) -> None:
    """Print one line to stdout as it is: no colors, no wrapping."""
    console.print(text, highlight=False, soft_wrap=True, markup=False)


def error_line(text: str) -> None:
    """Print one line to stderr as it is."""
    errors.print(text, highlight=False, soft_wrap=True, markup=False)


def refuse(*lines: str) -> NoReturn:
    """Say why a command can't run, and end with exit code 2."""
    for text in lines:
        error_line(text)
    raise typer.Exit(WRONG_USE)


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
