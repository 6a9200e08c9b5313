"""The normalizing macros take any text a server could send: none raises, each gives what it promises."""

from __future__ import annotations

import re
from collections.abc import Callable

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.dbt_project.districts import District, invoke
from tests.shared_between_workers import copy_of

PROMISES: dict[str, Callable[[object], bool]] = {
    "blank_to_null": lambda value: str(value) != "" and not str(value).startswith(" "),
    "to_name": lambda value: not re.search(r"[ \t\r\n]{2}", str(value)),
    "to_suffix": lambda value: True,
    "to_key": lambda value: True,
    "to_code": lambda value: True,
    "to_integer": lambda value: isinstance(value, int),
    "to_flag": lambda value: isinstance(value, bool),
    "to_date": lambda value: re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)) is not None,
    "to_timestamp": lambda value: value is not None,
    "to_phone_number": lambda value: re.fullmatch(r"([2-9]\d{2}[2-9]\d{6})?", str(value)) is not None,
    "to_postal_code": lambda value: re.fullmatch(r"\d{5}(-\d{4})?", str(value)) is not None,
    "is_email": lambda value: isinstance(value, bool),
}
LIKELY = st.from_regex(
    r"[+(]?\d{1,5}[-/. )]?\d{1,5}[-/. ]?\d{0,5}( ?x\d{1,4}|T\d\d:\d\d:\d\d)?", fullmatch=True
)
TEXTS = st.lists(st.one_of(st.text(max_size=40), LIKELY, st.emails()), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def normalize(
    small: District, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[list[str]], list[tuple[object, ...]]]:
    """Texts in, one row of all macros' values out for each; dates as text, for years beyond Python's own."""
    shown = {"to_date": "cast({} as varchar)", "to_timestamp": "cast({} as varchar)"}
    columns = ", ".join(shown.get(macro, "{}").format(f"{{{{ {macro}('text') }}}}") for macro in PROMISES)
    own = copy_of(small.directory, tmp_path_factory.mktemp("small"))
    compiled = invoke(own, "compile", "--inline", f"select {columns} from unnest($texts) as t (text)")
    sql = compiled.result.results[0].node.compiled_code  # type: ignore[union-attr]
    connection = duckdb.connect()
    return lambda texts: connection.execute(sql, {"texts": texts}).fetchall()


# Up to 30 texts are one example.
@settings(max_examples=settings.default.max_examples // 5)
@given(texts=TEXTS)
@example(
    texts=["99999-99-99", "0000-00-00", "2012-02-30T25:00:00", "13/32/99", "1e999", "infinity", "\x00", "''"]
)
def test_no_text_raises_and_every_value_is_as_promised(
    normalize: Callable[[list[str]], list[tuple[object, ...]]], texts: list[str]
) -> None:
    for row in normalize(texts):
        for (macro, promised), value in zip(PROMISES.items(), row, strict=True):
            assert value is None or promised(value), macro
