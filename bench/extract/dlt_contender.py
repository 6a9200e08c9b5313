"""dlt's rest_api source into DuckDB, in a virtual environment of its own.

Install `"dlt[duckdb,parquet]" requests-oauthlib` there. The session signs each request; a retry by dlt's
client would repeat the nonce and be rejected.
"""

import os
import tempfile
from collections.abc import Iterator

import dlt
import duckdb
from dlt.sources.helpers.requests import Client
from dlt.sources.rest_api import rest_api_source
from requests_oauthlib import OAuth1

from bench.extract.stopwatch import Work, run

TUNED = {
    "EXTRACT__WORKERS": "16",
    "NORMALIZE__WORKERS": "2",
    "NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS": "100000",
    "DATA_WRITER__BUFFER_MAX_ITEMS": "20000",
    "LOAD__WORKERS": "2",
}


def documented(work: Work) -> Iterator[dict[str, int]]:
    """As in dlt's documentation."""
    yield from _pipeline(work, {}, {})


def tuned(work: Work) -> Iterator[dict[str, int]]:
    """Resources in parallel, parquet files, more workers, larger buffers."""
    os.environ.update(TUNED)
    yield from _pipeline(work, {"parallelized": True}, {"loader_file_format": "parquet"})


def _pipeline(work: Work, resource: dict[str, object], options: dict[str, str]) -> Iterator[dict[str, int]]:
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["REQUESTS_CA_BUNDLE"] = work["ca_bundle"]
    names = {name: name.lower() for name in work["counts"]}
    session = Client(raise_for_status=False).session
    session.auth = OAuth1(work["consumer_key"], work["consumer_secret"])
    with tempfile.TemporaryDirectory(dir=work["folder"]) as folder:
        source = rest_api_source(
            {
                "client": {
                    "base_url": work["base_url"],
                    "session": session,
                    "paginator": {"type": "offset", "limit": 1000, "total_path": None},
                },
                "resources": [
                    {"name": names[name], "endpoint": {"path": f"eSchoolPLUS/{name}"}} | resource
                    for name in names
                ],
            }
        )
        pipeline = dlt.pipeline(
            "bench",
            destination=dlt.destinations.duckdb(f"{folder}/raw.duckdb"),
            dataset_name="landed",
            pipelines_dir=f"{folder}/pipelines",
        )
        yield {}
        pipeline.run(source, **options)
        yield {}
        with duckdb.connect(f"{folder}/raw.duckdb") as store:
            yield {
                name: store.execute(f'select count(*) from landed."{table}"').fetchall()[0][0]
                for name, table in names.items()
            }


if __name__ == "__main__":
    run({"dlt documented": documented, "dlt tuned": tuned})
