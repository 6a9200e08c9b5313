"""Where a run's rows are: none may be lost or duplicated. Rows of few people are counted, but not shown."""

from __future__ import annotations

import duckdb
from pydantic import BaseModel, ConfigDict

from district.endpoints import ENDPOINTS
from district.folder import NightFolder
from extract.store.raw_store import read_store
from qa.contract import QaDocument
from qa.warehouse import attach_warehouse


class EndpointRows(BaseModel):
    """Where an endpoint's rows are: rows in raw = rows in the mart + rows quarantined with a reason."""

    model_config = ConfigDict(extra="forbid")

    raw: int
    mart: int
    quarantined: int

    @property
    def reconciled(self) -> bool:
        """No row was lost and none was duplicated."""
        return self.raw == self.mart + self.quarantined


def rows_shown(rows: dict[str, EndpointRows], document: QaDocument) -> dict[str, EndpointRows | None]:
    """The rows, without those of few people: where qa.json shows none (qa/redaction/suppression.py)."""
    shown = {pull.endpoint for pull in document.pulls if pull.rows is not None}
    return {endpoint: counted if endpoint in shown else None for endpoint, counted in rows.items()}


def exported_shown(exported: dict[str, int], document: QaDocument) -> dict[str, int | None]:
    """Rows of the import's files, without those of few people."""
    load = document.load
    files = {"students.csv": load.students, "guardians.csv": load.guardians} if load else {}
    shown = {file for file, effects in files.items() if effects is not None and effects.now is not None}
    return {file: count if file in shown else None for file, count in exported.items()}


def count_rows(night: NightFolder) -> dict[str, EndpointRows]:
    """Count each endpoint's rows in raw, in its mart, and among the quarantined: none may be lost.

    Returns:
        By the endpoint's name; empty where dbt left no marts to count in.
    """
    if not night.warehouse.exists():
        return {}
    with read_store(night.district.raw) as con:
        attach_warehouse(con, night, "warehouse")
        try:
            return {
                endpoint.name: EndpointRows(
                    raw=_count(con, f'plus360."{endpoint.name}" where run_id = ?', night.run_id),
                    mart=_count(con, f"warehouse.marts.{endpoint.mart}"),
                    quarantined=_count(
                        con, "warehouse.marts.quarantined_records where endpoint = ?", endpoint.name
                    ),
                )
                for endpoint in ENDPOINTS
            }
        except duckdb.CatalogException:  # dbt ended before the marts
            return {}


def _count(con: duckdb.DuckDBPyConnection, source: str, *values: str) -> int:
    row = con.execute(f"select count(*) from {source}", list(values)).fetchone()
    return int(row[0]) if row else 0
