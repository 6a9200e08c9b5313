"""The files of the repository, for the tests that read them."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("district", "extract", "qa", "night", "sandbox")
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/data.md",
    "docs/import.md",
    "docs/operations.md",
    "docs/privacy.md",
)


@cache
def project_files() -> tuple[str, ...]:
    """Paths of all files that are in the repository, or would be added to it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(path for path in sorted(set(listed.stdout.splitlines())) if (PROJECT / path).is_file())


def text_of(path: str) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


def code_in(document: str) -> list[str]:
    """Lines of code in a Markdown file: the lines of its code blocks, and its code spans."""
    blocks, prose = [], []
    for number, part in enumerate(re.split(r"^```.*$", text_of(document), flags=re.M)):
        (blocks if number % 2 else prose).append(part)
    spans = [span for part in prose for span in re.findall(r"`([^`]+)`", part)]
    return [line.partition(" # ")[0].strip() for block in blocks for line in block.splitlines()] + spans
