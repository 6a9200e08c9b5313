"""Sets a notebook up: the District, interactive tables and `%%sql`, in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.lib.pretty import RepresentationPrinter
from itables import init_notebook_mode

from qa.analyst.district import District
from qa.analyst.jupyter.magic import register_sql
from qa.analyst.jupyter.tables import relation_html, table_html


def workbench(district: str, run_id: str = "", data: Path | str | None = None) -> District:
    """The district's object, in a notebook that shows DataFrames and relations as interactive tables.

    Keep this cell's output: the script of the tables is in it, so that nothing is fetched.

    Args:
        district: its key in the settings.
        run_id: the run to read; the latest if empty.
        data: the folder of all districts; PLUS360_DATA, or ./data, if none is given.

    Raises:
        qa.analyst.errors.DataError: there is no such district or run.
    """
    opened = District(district, data, run_id or None)
    shell = get_ipython()
    if shell is not None and shell.display_formatter is not None:
        init_notebook_mode(all_interactive=False, connected=False)
        shows = shell.display_formatter.formatters["text/html"]
        shows.for_type(pd.DataFrame, table_html)
        shows.for_type(duckdb.DuckDBPyRelation, relation_html)
        # DuckDB's own text of a relation reads up to 10,000 rows of it, and no one sees it beside the table.
        shell.display_formatter.formatters["text/plain"].for_type(duckdb.DuckDBPyRelation, _say_columns)
        register_sql(shell, opened)
    sys.stdout.write(f"{opened!r}\n")
    return opened


def _say_columns(relation: duckdb.DuckDBPyRelation, printer: RepresentationPrinter, _cycle: bool) -> None:
    printer.text(f"{relation.shape[0]:,} rows: {', '.join(relation.columns)}")  # type: ignore[no-untyped-call]
