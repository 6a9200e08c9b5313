"""Which values `-p` takes: those of the type of the parameter's default."""

from __future__ import annotations

from pathlib import Path

import pytest

from night.notebooks.library import NotebookError, declared, typed
from tests.notebooks.by_hand import write_notebook

PARAMETERS = """flag = False
many = 5
share = 0.5
student = "00123"
hashed = "a # b"
schools = ["1"]
anything = None
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_notebook(tmp_path_factory.mktemp("own") / "mine.ipynb", "1", parameters=PARAMETERS)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("flag=true", True), ("flag=False", False), ("flag=yes", True), ("flag=no", False),
        ("many=-7", -7), ("share=2", 2.0), ("share=-1e3", -1000.0),
        ("student=00123", "00123"), ("student=", ""), ("student=None", "None"), ("student=a=b", "a=b"),
        ("hashed=7", "7"),
        ("schools=['2', '3']", ["2", "3"]),
        ("anything=7", 7), ("anything=None", None), ("anything=x", "x"),
    ],
)  # fmt: skip
def test_a_value_is_of_the_type_of_the_default(notebook: Path, given: str, value: object) -> None:
    name = given.partition("=")[0]
    read = typed([given], declared(notebook), notebook.name)[name]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("flag=1", "-p flag takes true or false, not '1'"),
        ("many=", "-p many takes a whole number, not ''"),
        ("many=[1,2]", "-p many takes a whole number, not '[1,2]'"),
        ("many=0x10", "-p many takes a whole number, not '0x10'"),
        ("many=nan", "-p many takes a whole number, not 'nan'"),
        ("many=5.0", "-p many takes a whole number, not '5.0'"),
        ("share=inf", "-p share takes a number, not 'inf'"),
        ("share=", "-p share takes a number, not ''"),
        ("schools=2", "-p schools takes a list, such as [1, 2], not '2'"),
    ],
)
def test_a_value_of_another_type_is_refused(notebook: Path, given: str, said: str) -> None:
    with pytest.raises(NotebookError) as refusal:
        typed([given], declared(notebook), notebook.name)
    assert str(refusal.value) == said
