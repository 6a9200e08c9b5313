"""Which notebooks there are, and which parameters they declare."""

from __future__ import annotations

import ast
import difflib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from district.checkout import NOTEBOOKS
from district.errors import Plus360Error


class NotebookError(Plus360Error):
    """A notebook can't be run as it was asked for."""


@dataclass(frozen=True)
class Parameter:
    """A parameter that a notebook declares in its cell tagged `parameters`.

    Attributes:
        default: its value in that cell; None where that is no plain value. A value given is of its type.
    """

    name: str
    default: Any = None


def names_in(folder: Path = NOTEBOOKS) -> list[str]:
    """The names of the notebooks in a folder, without `.ipynb`."""
    return sorted(path.stem for path in folder.glob("*.ipynb"))


def find_notebook(name: str, folder: Path = NOTEBOOKS) -> Path:
    """The notebook of that name, with or without `.ipynb`.

    Raises:
        NotebookError: there is none; it says which ones there are.
    """
    known = names_in(folder)
    stem = name.removesuffix(".ipynb")
    if stem in known:
        return folder / f"{stem}.ipynb"
    if not known:
        raise NotebookError(f"there is no notebook in {folder}")
    near = difflib.get_close_matches(stem, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}"
    raise NotebookError(f"there is no notebook {name!r} in {folder}. {hint}")


def declared(notebook: Path) -> list[Parameter]:
    """The parameters that a notebook declares, in its order.

    Raises:
        NotebookError: it can't be read.
    """
    import papermill  # noqa: PLC0415 - it takes a second, and `plus360 --help` should be quick

    try:
        found = papermill.inspect_notebook(for_papermill(notebook)).values()
    except Exception:
        raise NotebookError(
            f"{notebook.name} can't be read as a notebook. Open it in JupyterLab and save it again"
        ) from None
    return [Parameter(one["name"], _literal(one["default"])) for one in found]


def typed(given: Sequence[str], parameters: Sequence[Parameter], notebook: str) -> dict[str, Any]:
    """The values of `name=value`, each of the type of its parameter's default.

    A parameter whose default is text takes the value as it is written, so 00123 keeps its zeros. One without
    a plain default takes what papermill reads: True, False, None, a number, else text.

    Raises:
        NotebookError: one is no `name=value`, the notebook doesn't declare it, or it is of another type.
    """
    known = {one.name: one for one in parameters}
    values: dict[str, Any] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            raise NotebookError("-p takes a parameter and its value, such as -p student=12345")
        if name not in known:
            there = f"Its parameters: {', '.join(known)}" if known else "It declares none"
            raise NotebookError(f"{notebook} has no parameter {name!r}. {there}")
        read, what = _TYPES.get(type(known[name].default), (_any_value, ""))
        try:
            values[name] = read(value)
        except ValueError:
            raise NotebookError(f"-p {name} takes {what}, not {value!r}") from None
    return values


def refuse_secrets(values: Mapping[str, Any], secrets: Sequence[str]) -> None:
    """Refuse a value with a secret in it: papermill writes parameters into the notebook.

    Raises:
        NotebookError: one has.
    """
    for name, value in values.items():
        if any(secret in str(value) for secret in secrets if secret):
            raise NotebookError(
                f"-p {name}: the value has a secret of the district in it, and parameters are written into "
                "the notebook"
            )


def for_papermill(path: Path) -> str:
    """A path as papermill takes it: it would replace what is in braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _literal(source: str) -> Any:  # noqa: ANN401 - any of them
    """The value that a source text is; None where that takes more than to read it."""
    try:
        return ast.literal_eval(source)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return "" if source.startswith(('"', "'")) else None  # papermill cuts a text at its #


def _flag(text: str) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if text.lower() not in words:
        raise ValueError
    return words[text.lower()]


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,300}", text):
        raise ValueError
    return int(text)


def _number(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError
    return number


def _of_type(kind: type) -> Callable[[str], Any]:
    def read(text: str) -> Any:  # noqa: ANN401 - a list, say
        value = _literal(text)
        if type(value) is not kind:
            raise ValueError
        return value

    return read


def _any_value(text: str) -> Any:  # noqa: ANN401 - any of them
    """A value as papermill's own -p reads it."""
    words = {"True": True, "False": False, "None": None}
    if text in words:
        return words[text]
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


# How a value is read, by the type of its parameter's default, and what that is called.
_TYPES: Mapping[type, tuple[Callable[[str], Any], str]] = {
    str: (str, "text"),
    bool: (_flag, "true or false"),
    int: (_whole_number, "a whole number"),
    float: (_number, "a number"),
    list: (_of_type(list), "a list, such as [1, 2]"),
    tuple: (_of_type(tuple), "a tuple, such as (1, 2)"),
    dict: (_of_type(dict), 'a dict, such as {"a": 1}'),
}
