"""JupyterLab in Chromium, as `plus360 explore` serves it: opens a notebook, runs it, takes its picture."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from playwright.sync_api import Page

# JupyterLab keeps the notebooks of before open behind the one that is shown.
SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"
# A notebook's first kernel, and a cell, may take so long on a busy machine.
_PATIENCE_MS = 120_000


@contextmanager
def explored(
    district: str, options: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """`plus360 explore` of a district without a browser, until the block ends; yields its address."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own command
        [sys.executable, "-m", "night.cli", "explore", district, "--no-browser", "--allow-root", *options],
        cwd=folder,
        env=dict(environment or os.environ),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield next(line.strip() for line in process.stdout or () if line.startswith("  http"))
    finally:
        process.send_signal(signal.SIGINT)  # as Ctrl-C does
        process.communicate(timeout=60)


def open_notebook(page: Page, address: str, name: str | None = None) -> None:
    """Open the address, or another notebook of the same folder, and wait until its kernel is there."""
    parts = urlsplit(address)
    path = parts.path if name is None else f"/lab/tree/{quote(name)}"
    page.goto(urlunsplit(parts._replace(path=path)))
    # The sign in the notebook's toolbar says "idle" while there is no kernel yet, and cells that are run then
    # do nothing. The status bar says which notebook it speaks of, and which kernel.
    kernel = page.locator(f'[title="Change kernel for {unquote(Path(path).name)}"]')
    kernel.filter(has_text=re.compile(r"^Python 3 \| Idle$")).wait_for(timeout=_PATIENCE_MS)
    page.locator(f"{SHOWN} .jp-Cell").first.wait_for(timeout=_PATIENCE_MS)


def run_all(page: Page) -> None:
    """Run all cells, and wait until the last one has ended.

    Raises:
        RuntimeError: a cell failed, so that those after it were not run.
    """
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    ended = page.wait_for_function(
        """shown => {
            const error = document.querySelector(`${shown} [data-mime-type="application/vnd.jupyter.error"]`);
            const prompts = [...document.querySelectorAll(`${shown} .jp-CodeCell .jp-InputPrompt`)];
            const ran = prompts.length && prompts.every(prompt => /[0-9]/.test(prompt.textContent));
            return error ? {error: error.textContent} : ran ? {error: null} : null;
        }""",
        arg=SHOWN,
        timeout=_PATIENCE_MS,
    )
    if error := ended.json_value()["error"]:
        raise RuntimeError(f"a cell failed: {error}")


def picture_of_notebook(page: Page, file: Path) -> None:
    """A picture of the notebook alone, as it stands in the window."""
    page.locator(SHOWN).screenshot(path=file)
