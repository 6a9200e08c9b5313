"""The product, and the two halves that it is compared with."""

import gzip
import http.client
import ssl
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
from pydantic import SecretStr
from requests_oauthlib import OAuth1

from bench.extract.pages import PAGE_SIZE
from bench.extract.stopwatch import Work, run
from district.folder import DistrictFolder
from district.run_id import new_run_id
from district.settings import DistrictSettings
from extract.pull import pull_district
from extract.store.raw_store import FORMAT, WRITER, read_store

_BATCH_BYTES = 16 * 2**20


def product(work: Work) -> Iterator[dict[str, int]]:
    """plus360's extract, as in a nightly run."""
    district = DistrictSettings(
        key="bench",
        name="Bench",
        base_url=work["base_url"],
        consumer_key=work["consumer_key"],
        ca_bundle=Path(work["ca_bundle"]),
        connections=work["connections"],
    )
    with tempfile.TemporaryDirectory(dir=work["folder"]) as folder:
        _import_pandas()
        yield {}
        pulls = pull_district(
            district, SecretStr(work["consumer_secret"]), DistrictFolder(Path(folder)).night(new_run_id())
        )
        yield {}
        assert all(pull.state == "complete" for pull in pulls), pulls
        with read_store(Path(folder) / "raw.duckdb") as store:
            yield {
                name: store.execute(f'select count(*) from plus360."{name}"').fetchall()[0][0]
                for name in work["counts"]
            }


def fetch(work: Work) -> Iterator[dict[str, int]]:
    """All pages, decompressed and discarded: http.client, with all requests signed before."""
    parts = urlsplit(work["base_url"])
    context = ssl.create_default_context(cafile=work["ca_bundle"])
    signer = OAuth1(work["consumer_key"], work["consumer_secret"]).client
    origin = f"{parts.scheme}://{parts.netloc}"
    requests = []
    for name, rows in work["counts"].items():
        for offset in range(0, rows, PAGE_SIZE):
            target = f"{parts.path}eSchoolPLUS/{name}?limit={PAGE_SIZE}&offset={offset}"
            _, signed, _ = signer.sign(origin + target)
            requests.append((name, target, {"Accept-Encoding": "gzip", **signed}))
    sizes: dict[str, int] = dict.fromkeys(work["counts"], 0)
    lock = threading.Lock()

    def take() -> None:
        connection = http.client.HTTPSConnection(parts.hostname or "", parts.port, context=context)
        while True:
            with lock:
                if not requests:
                    return
                name, target, headers = requests.pop()
            connection.request("GET", target, headers=headers)
            size = len(gzip.decompress(connection.getresponse().read()))
            with lock:
                sizes[name] += size

    yield {}
    threads = [threading.Thread(target=take) for _ in range(work["connections"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield {}
    assert sizes == _sizes(work)
    yield work["counts"]


def landing(work: Work) -> Iterator[dict[str, int]]:
    """All pages, decompressed in memory before, into the same tables; nothing is checked."""
    with (
        tempfile.TemporaryDirectory(dir="/dev/shm") as memory,
        tempfile.TemporaryDirectory(dir=work["folder"]) as disk,
    ):
        batches = [(name, batch) for name in work["counts"] for batch in _batches(work, name, Path(memory))]
        store = duckdb.connect(config=WRITER)
        store.execute(f"attach '{disk}/raw.duckdb' as store ({FORMAT})")
        _import_pandas()
        yield {}
        for name in work["counts"]:
            store.execute(
                f'create table store."{name}" (run_id varchar, endpoint varchar, position bigint, '
                "landed_at timestamp, payload json using compression zstd)"
            )
            store.execute("begin")
            for _, files in (batch for batch in batches if batch[0] == name):
                store.execute(
                    f"insert into store.\"{name}\" select 'run', '{name}', row_number() over (), "
                    "current_timestamp::timestamp, json from read_json_objects(?, format = 'array')",
                    [files],
                )
            store.execute("commit")
        store.execute("detach store")
        yield {}
        store.execute(f"attach '{disk}/raw.duckdb' as store")
        yield {
            name: store.execute(f'select count(*) from store."{name}"').fetchall()[0][0]
            for name in work["counts"]
        }


def _import_pandas() -> None:
    """Not part of the measurement: DuckDB imports pandas when it binds a parameter for the first time."""
    duckdb.connect().execute("select ?", [0])


def _batches(work: Work, name: str, memory: Path) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for page in _pages(work, name):
        path = memory / f"{name}-{page.stem}"
        path.write_bytes(gzip.decompress(page.read_bytes()))
        batch.append(str(path))
        size += path.stat().st_size
        if size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _pages(work: Work, name: str) -> list[Path]:
    rows = work["counts"][name]
    return [Path(work["pages"]) / name / f"{offset}.json.gz" for offset in range(0, rows, PAGE_SIZE)]


def _sizes(work: Work) -> dict[str, int]:
    return {
        name: sum(len(gzip.decompress(page.read_bytes())) for page in _pages(work, name))
        for name in work["counts"]
    }


if __name__ == "__main__":
    run({"product": product, "fetch": fetch, "landing": landing})
