"""Every command, option, target, module and path that a document names exists."""

from __future__ import annotations

import importlib.util
import re
from functools import cache

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from night.cli import app
from tests.repo.project_files import DOCUMENTS, PROJECT, code_in, project_files, text_of

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
# A code span that is nothing but options of plus360, such as `[--jobs N]`.
ONLY_OPTIONS = re.compile(r"\[?--[a-z]")
# Written by plus360, or by whoever runs it.
NOT_IN_THE_REPOSITORY = re.compile(
    r"(/|(data|demo-data|\.venv|private|export|nights|published)/)"
    r"|(students|guardians|worklist-[\w-]+)\.csv$|districts\.toml$|(qa|night|manifest)\.json$"
)
PATH = re.compile(r"[\w.<>*/-]+")
SUFFIXES = (".py", ".sql", ".csv", ".toml", ".yml", ".md", ".ipynb", ".j2", ".json")
# Paths that are named, but don't exist yet. This set may only become smaller.
MISSING = {
    "dbt_project/macros/api/endpoints.sql",
    "dbt_project/models/marts/load/import_students.sql",
    "extract/outcomes.py",
    "extract/store/schema.sql",
}


@cache
def options_by_command() -> dict[str, set[str]]:
    """The options of every command of `plus360`; the empty name stands for `plus360` itself."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    commands = {"": group, **group.commands}
    return {
        name: {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
        | {"--help"}
        for name, command in commands.items()
    }


def plus360_calls(document: str) -> list[tuple[str, set[str]]]:
    """Each `plus360 COMMAND` of a document with the options in the same line of code."""
    calls = []
    for code in code_in(document):
        if found := re.search(r"(?:^|&& |\.venv/bin/)plus360 ([a-z][\w-]*|(?=--))", code):
            calls.append((found.group(1), set(OPTION.findall(code[found.end() :]))))
    return calls


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_exists_with_its_options(document: str) -> None:
    known = options_by_command()
    unknown = [(name, given) for name, given in plus360_calls(document) if name not in known]
    assert not unknown
    assert not {name: gone for name, given in plus360_calls(document) if (gone := given - known[name])}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_option_named_alone_exists(document: str) -> None:
    known = set().union(*options_by_command().values())
    named = {
        option for code in code_in(document) if ONLY_OPTIONS.match(code) for option in OPTION.findall(code)
    }
    assert named <= known


def test_the_readme_names_every_command() -> None:
    assert {name for name, _options in plus360_calls("README.md")} >= options_by_command().keys() - {""}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_exists(document: str) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", text_of("Makefile"), re.M))
    named = {
        target for code in code_in(document) for target in re.findall(r"(?:^|[;&] ?)make ([a-z][\w-]*)", code)
    }
    assert named or document.startswith("docs/")
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_exists(document: str) -> None:
    for code in code_in(document):
        for module in re.findall(r"python -m ((?:district|extract|qa|night|sandbox|bench)[\w.]*)", code):
            assert importlib.util.find_spec(module), module


def is_missing(path: str) -> bool:
    """Whether a path of a document is in the repository neither from its root nor by the end of a path."""
    pattern = re.sub(r"<\w+>|\*", "@", path.removesuffix("/"))
    wanted = re.compile(r"(.*/)?" + re.escape(pattern).replace("@", "[^/]*") + r"(/.*)?")
    return not (PROJECT / path).exists() and not any(map(wanted.fullmatch, project_files()))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_exists(document: str) -> None:
    named = {code for code in code_in(document) if PATH.fullmatch(code) and not code.startswith(("--", "<"))}
    paths = {code for code in named if "/" in code.strip("/") or code.endswith(("/", *SUFFIXES))}
    paths = {path for path in paths if path not in SUFFIXES and not NOT_IN_THE_REPOSITORY.match(path)}
    assert paths or document.startswith("docs/")
    missing = {path for path in paths if is_missing(path)}
    assert missing <= MISSING, missing - MISSING
