"""A generated district of any size, landed without a network, page by page."""

import json
from datetime import UTC, datetime
from pathlib import Path

from district.endpoints import ENDPOINTS
from district.run_id import new_run_id
from extract.store.pulls import Pull, write_pull
from extract.store.raw_store import FILE_NAME, open_store
from sandbox import Profile, generated

PAGE = 20_000


def land(directory: Path, students: int) -> int:
    """Lands the district unless it is there already; returns its raw rows."""
    done = directory / "rows"
    if done.exists():
        return int(done.read_text())
    directory.mkdir(parents=True, exist_ok=True)
    source, profile, run_id = generated(students, seed=1), Profile(), new_run_id()
    store = open_store(directory / FILE_NAME)
    rows = 0
    for endpoint in ENDPOINTS:
        started = datetime.now(UTC)
        total = source.count(endpoint.name, profile)
        page = directory / "page.ndjson"
        for offset in range(0, total, PAGE):
            page.write_bytes(b"\n".join(source.lines(endpoint.name, offset, PAGE, profile)) + b"\n")
            store.execute(
                f"""
                insert into plus360."{endpoint.name}"
                select ?, ?, ? + row_number() over () - 1, ?, json
                from read_json_objects('{page}', format = 'newline_delimited')
                """,
                [run_id, endpoint.name, offset, started.replace(tzinfo=None)],
            )
        page.unlink()
        rows += total
        write_pull(
            store,
            Pull(
                run_id=run_id,
                endpoint=endpoint.name,
                state="complete",
                rows=total,
                pages=1,
                reported_total=total,
                http_status=200,
                seconds=0.0,
                started_at=started,
                finished_at=datetime.now(UTC),
                message="",
                stripped_labels=[],
                retries=0,
                passes=1,
                outcome="complete",
            ),
        )
    store.close()
    done.write_text(json.dumps(rows))
    return rows
