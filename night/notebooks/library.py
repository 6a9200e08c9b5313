"""Which notebooks there are, and which parameters they declare."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
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
        is_text: whether its default is text; then a value such as 00123 stays text.
    """

    name: str
    is_text: bool


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
    return [Parameter(one["name"], one["default"].startswith(('"', "'"))) for one in found]


def typed(given: Sequence[str], parameters: Sequence[Parameter], notebook: str) -> dict[str, Any]:
    """The values of `name=value`, as papermill reads them: True, False, None, numbers, else text.

    A parameter whose default is text takes the value as it is written.

    Raises:
        NotebookError: one is no `name=value`, or the notebook doesn't declare it.
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
        values[name] = value if known[name].is_text else _value(value)
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


def _value(text: str) -> Any:  # noqa: ANN401 - any of them
    words = {"True": True, "False": False, "None": None}
    if text in words:
        return words[text]
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
