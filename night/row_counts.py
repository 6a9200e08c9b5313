"""Where every row of a night lies: none may be lost, none doubled."""

from __future__ import annotations

import duckdb

from district.endpoints import ENDPOINTS
from district.folder import DistrictFolder
from extract.store.raw_store import read_store
from night.record import EndpointRows


def count_rows(folder: DistrictFolder, run_id: str) -> dict[str, EndpointRows]:
    """Count each endpoint's rows in raw, in its mart of the new warehouse, and among those quarantined.

    Returns:
        By the endpoint's name; empty where dbt left no marts to count in.
    """
    if not folder.new_warehouse.exists():
        return {}
    with read_store(folder.raw) as con:
        literal = str(folder.new_warehouse).replace("'", "''")
        con.execute(f"attach '{literal}' as warehouse (read_only)")
        try:
            return {
                endpoint.name: EndpointRows(
                    raw=_count(con, f'plus360."{endpoint.name}" where run_id = ?', run_id),
                    mart=_count(con, f"warehouse.marts.{endpoint.mart}"),
                    quarantined=_count(
                        con, "warehouse.marts.quarantined_records where endpoint = ?", endpoint.name
                    ),
                )
                for endpoint in ENDPOINTS
            }
        except duckdb.CatalogException:  # dbt broke off before the marts
            return {}


def _count(con: duckdb.DuckDBPyConnection, source: str, *values: str) -> int:
    row = con.execute(f"select count(*) from {source}", list(values)).fetchone()
    return int(row[0]) if row else 0
