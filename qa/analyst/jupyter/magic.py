"""`%%sql` in a notebook: a cell of SQL on the district, without a connection that stays open."""

from __future__ import annotations

import duckdb
import pandas as pd
from IPython.core.interactiveshell import InteractiveShell

from qa.analyst.district import District
from qa.analyst.errors import DataError


def register_sql(shell: InteractiveShell, district: District) -> None:
    """Make `%%sql` and `%sql` ask this district.

    `%%sql grades` keeps the result in the variable `grades`. `$name` in the SQL is the notebook's variable
    `name`.
    """

    def sql(line: str, cell: str | None = None) -> pd.DataFrame:
        text = line if cell is None else cell
        result = district.sql(text, _variables(text, shell.user_ns))
        name = line.strip()
        if cell is not None and name:
            if not name.isidentifier():
                raise DataError(
                    f"{name!r} can't be the name of a variable: %%sql NAME keeps the result in it."
                )
            shell.user_ns[name] = result
        return result

    shell.magics_manager.register_function(sql, magic_kind="line_cell", magic_name="sql")


def _variables(text: str, known: dict[str, object]) -> dict[str, object]:
    """The notebook's variables that the SQL names."""
    try:
        statements = duckdb.extract_statements(text)
    except duckdb.Error:
        return {}  # asking says what is wrong
    names = {name for statement in statements for name in statement.named_parameters}
    missing = sorted(name for name in names if name not in known)
    if missing:
        raise DataError(f"The SQL names ${missing[0]}, and the notebook has no variable {missing[0]}.")
    return {name: known[name] for name in names}
