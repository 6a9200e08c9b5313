"""No file names a machine's paths or a package registry, and all text is plain US English."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath

from tests.repo.project_files import project_files, text_of

BINARY = {".png", ".ico", ".woff2"}
MACHINE_PATH = re.compile(r"/(home|root|Users|work|tmp)/\w")
# `requirements.lock` works with any registry: it has names, versions and hashes only.
ADDRESS = re.compile(r"://|^--(extra-)?index-url|^--find-links", re.M)

WORDS_CHECKED_IN = {".py", ".sql", ".yml", ".md", ".j2", ".ipynb"}
# Words and phrases that we replace by plain ones, or spell as in the US.
REPLACED = re.compile(
    r"""
    \b(
        mend(s|ed|ing)? | un?tick(s|ed|ing)? | tick(s|ed|ing)?
        | colour\w* | dialled | dialling | neighbour\w* | \w*normalis\w+ | favour\w* | honour\w*
        | set(s|ting)?\ aside | doubled | held\ against | holds?\ against | parked\ at
        | (came|comes?|coming)\ in | did\ not\ come | came\ whole | takes?\ (it|them)\ (up|over)
        | tied\ to | befalls? | befell | whereto | whence | anew | set-up | time-outs? | log-ins? | e-mails?
    )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# How often they may still be there, by kind of file.
STILL_THERE: dict[str, int] = {}
# This file lists the words.
LISTS_THE_WORDS = "tests/repo/test_text.py"


def test_no_file_has_a_path_of_a_machine() -> None:
    paths = [path for path in project_files() if PurePosixPath(path).suffix not in BINARY]
    assert not {path: found[0] for path in paths if (found := MACHINE_PATH.search(text_of(path)))}


def test_lock_files_name_no_registry() -> None:
    locks = [path for path in project_files() if path.endswith(".lock")]
    assert locks
    assert not [path for path in locks if ADDRESS.search(text_of(path))]


def test_replaced_words_become_fewer() -> None:
    found: Counter[str] = Counter()
    where: Counter[str] = Counter()
    for path in project_files():
        suffix = PurePosixPath(path).suffix
        if suffix in WORDS_CHECKED_IN and path != LISTS_THE_WORDS:
            where[path] = len(REPLACED.findall(text_of(path)))
            found[suffix] += where[path]
    too_many = {suffix: number for suffix, number in found.items() if number > STILL_THERE.get(suffix, 0)}
    assert not too_many, (too_many, where.most_common(20))
