"""JSONTestSuite (nst): each file stands where a value stands, in the second of three records."""

import resource
import tempfile
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from district.endpoints import BY_NAME
from extract.api.ordinary_pages import OrdinaryPages
from extract.api.page import read_page
from extract.errors import EndpointError
from extract.store.landing import Landing, SpooledPage
from extract.store.raw_store import open_store


def measure(folder: Path) -> None:
    """Reads every file as part of a first page and of a later page, lands what is accepted, prints counts."""
    started = time.perf_counter()
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    with tempfile.TemporaryDirectory() as scratch, closing(open_store(Path(scratch) / "raw.duckdb")) as store:
        for file in sorted(folder.glob("[yni]_*.json")):
            body = b'[{"a":1},{"field":' + file.read_bytes() + b'},{"field":2}]'
            spooled = Path(scratch) / "page.json"
            told = {_told(body, ordinary, spooled) for ordinary in (OrdinaryPages(), _knowing_the_labels())}
            if "accepted" in told:
                landing = Landing(store, "run", BY_NAME["Student"])
                landing.land([SpooledPage(0, 3, spooled.stat().st_size, spooled)], datetime.now(UTC))
                landing.roll_back()
            kind = {"y": "valid", "n": "invalid", "i": "either"}[file.name[0]]
            counts[kind, " or ".join(sorted(told))] += 1
            if (kind, told) in (("valid", {"refused"}), ("invalid", {"accepted"})) or len(told) > 1:
                wrong.append(file.name)
    print("| files | | |\n|---|---|---|")
    for (kind, told_so), files in sorted(counts.items()):
        print(f"| {kind} | {told_so} | {files} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{time.perf_counter() - started:.1f} s, {peak:.0f} MB at the peak; wrong: {wrong or 'none'}")


def _told(body: bytes, ordinary: OrdinaryPages, spooled: Path) -> str:
    try:
        page = read_page(body, "Student", ordinary)
    except EndpointError:
        return "refused"
    spooled.write_bytes(page.content)
    return "accepted"


def _knowing_the_labels() -> OrdinaryPages:
    ordinary = OrdinaryPages()
    read_page(b'[{"a":1},{"field":1}]', "Student", ordinary)
    return ordinary
