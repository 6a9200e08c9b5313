"""Which runs raw.duckdb keeps."""

import duckdb

from district.endpoints import ENDPOINTS
from extract.store.raw_store import path_of
from extract.store.store_errors import store_errors

# So many runs are kept, their pulls and their folders, and the published one.
KEPT_RUNS = 14
# What changed is found by comparing with the last two published nights: kept even after a bad two weeks.
KEPT_PUBLISHED = 2


def prune(store: duckdb.DuckDBPyConnection) -> None:
    """Deletes all but the last runs, with room for the one about to start. history.* is kept forever."""
    old = store.execute(
        """
        with runs as (select distinct run_id from plus360.pulls),
        published as (
            select run_id from history.nights where verdict = 'published' order by run_id desc limit ?
        )
        select run_id from (select run_id from runs order by run_id desc offset ?)
        where run_id not in (from published)
        """,
        [KEPT_PUBLISHED, KEPT_RUNS - 1],
    ).fetchall()
    if not old:
        return
    runs = [run_id for (run_id,) in old]
    with store_errors(path_of(store)):
        store.execute("begin")
        for table in ("pulls", *(endpoint.name for endpoint in ENDPOINTS)):
            store.execute(f'delete from plus360."{table}" where run_id in (select unnest(?))', [runs])
        store.execute("commit")
        store.execute("checkpoint")
