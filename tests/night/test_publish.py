"""A run is published in one step: before the one link changes, all of it is there and says so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import SecretStr

from district.folder import DistrictFolder, NightFolder
from district.settings import DistrictSettings
from extract.store.raw_store import open_store
from night.district_night import run_night
from night.events import NightEvent
from night.publication import publish
from night.publication.repair import repair
from night.record import NightRecord, NightResult
from qa.verdict.document_file import read_document
from sandbox import Sandbox, generated
from tests.damaged_database import damage

KEY = "oak-hill"


@dataclass
class Nights:
    """A district's nightly runs in this process."""

    box: Sandbox
    settings: DistrictSettings
    data: Path
    waits: list[str] = field(default_factory=list)
    reader: subprocess.Popen[str] | None = None

    @property
    def folder(self) -> DistrictFolder:
        return DistrictFolder.of(self.data, KEY)

    def listen(self, event: NightEvent) -> None:
        """What the run waits for; whoever reads raw.duckdb closes it then."""
        if event.detail.startswith("waiting") and self.reader and self.reader.stdin:
            self.waits.append(event.detail)
            self.reader.stdin.close()

    def run(self) -> NightResult:
        return run_night(
            self.settings, SecretStr(self.box.consumer_secret), data=self.data, listen=self.listen
        )

    def read_raw(self) -> None:
        """Have another program open raw.duckdb."""
        code = (
            "import duckdb, sys; con = duckdb.connect(sys.argv[1], read_only=True); "
            "print('open', flush=True); sys.stdin.read()"
        )
        command = [sys.executable, "-c", code, str(self.folder.raw)]
        self.reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.reader.stdout
        assert self.reader.stdout.readline() == "open\n"


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    with Sandbox(generated(students=40, seed=1)) as box:
        yield Nights(box, box.settings(KEY), tmp_path_factory.mktemp("data"))


def seen_by_a_reader(night: NightFolder) -> dict[str, Any]:
    """What each part of a run says of it."""
    document, record = read_document(night)[0], NightRecord.of(night)
    with closing(open_store(night.district.raw)) as store:
        in_history = store.execute(
            "select verdict from history.nights where run_id = ?", [night.run_id]
        ).fetchall()
    assert record
    with duckdb.connect(str(night.warehouse), read_only=True) as warehouse:
        rows = warehouse.execute("select count(*) from marts.import_students").fetchall()[0][0]
    return {
        "qa.json": (document.run_id, document.verdict),
        "night.json": (record.run_id, record.verdict, record.exported.get("students.csv")),
        "history": in_history,
        "report": night.run_id in night.report.read_text(encoding="utf-8"),
        "warehouse": (rows, night.warehouse.stat().st_mode & 0o777),
        "seconds": "publish" in record.seconds,
    }


def complete(night: NightFolder) -> dict[str, Any]:
    return {
        "qa.json": (night.run_id, "published"),
        "night.json": (night.run_id, "published", 40),
        "history": [("published",)],
        "report": True,
        "warehouse": (40, 0o400),
        "seconds": True,
    }


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


def test_the_link_comes_last_and_what_was_interrupted_before_it_is_failed(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, at_the_switch = nights.folder, {}

    def killed(_: DistrictFolder, night: NightFolder) -> None:
        at_the_switch[night.run_id] = seen_by_a_reader(night)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(DistrictFolder, "publish", killed)
        with pytest.raises(Killed):
            nights.run()
    first = folder.all_nights()[-1]
    assert at_the_switch == {first.run_id: complete(first)}
    assert folder.published is None

    # The very first run: what was interrupted is no baseline, and says so. It waits for who reads raw.duckdb.
    nights.read_raw()
    done = nights.run()
    assert nights.reader
    with nights.reader:
        pass
    (waited,) = nights.waits
    assert waited.startswith("waiting: raw.duckdb is open in ")
    assert waited.endswith(f"(process {nights.reader.pid})")
    assert (done.verdict, folder.published) == ("published", folder.all_nights()[-1])
    assert done.headline.startswith("Published: first import")
    assert done.repairs == (
        f"run {first.run_id} was interrupted just before it was published: it is failed now",
    )
    record = NightRecord.of(first)
    assert record
    assert (record.verdict, "nothing of it is published" in record.headline) == ("failed", True)
    assert not [path for path in (first.qa_json, first.report, first.export) if path.exists()]
    published = folder.published
    assert published
    assert seen_by_a_reader(published) == complete(published)
    assert list(NightRecord.of(published).repairs) == list(done.repairs)
    assert not folder.publishing.exists()

    # An error instead of a kill: the run that failed takes back what it said, and what was published stays.
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publish, "_sync_tree", no_room)
        failed = nights.run()
    last = folder.all_nights()[-1]
    assert (failed.verdict, folder.published) == ("failed", published)
    assert not [path for path in (last.qa_json, last.report, last.export) if path.exists()]
    with closing(open_store(folder.raw)) as store:
        verdicts = dict(store.execute("select run_id, verdict from history.nights").fetchall())
    assert verdicts == {first.run_id: "failed", published.run_id: "published", last.run_id: "failed"}
    assert repair(folder) == []

    # What is missing of the published run is written again from what is there.
    published.record.unlink()
    with closing(open_store(folder.raw)) as store:
        for table in ("nights", "checks", "imports", "loads"):
            store.execute(f"delete from history.{table} where run_id = ?", [published.run_id])
    assert len(repair(folder)) == 2
    told = seen_by_a_reader(published) | {"seconds": True}
    told["night.json"] = told["night.json"][:2]
    assert told == complete(published) | {"night.json": (published.run_id, "published")}
    with closing(open_store(folder.raw)) as store:
        files = store.execute("select file, rows from history.imports where run_id = ?", [published.run_id])
        assert ("students.csv", 40) in files.fetchall()


def test_damage_in_the_middle_of_the_databases_costs_old_pulls_and_nothing_else(nights: Nights) -> None:
    before = nights.folder.published
    if before is None:
        nights.run()
        before = nights.folder.published
    assert before
    damage(before.warehouse, "marts.students")
    damage(nights.folder.raw, "plus360.pulls")
    done = nights.run()
    assert done.verdict == "published", done
    assert done.headline.startswith("Published: nothing changed"), done
    assert any(line.startswith("raw.duckdb was damaged: a new one was made") for line in done.repairs), done
    assert any(
        line.startswith(f"the warehouse of run {before.run_id} could not be read") for line in done.repairs
    )
    after = nights.folder.published
    assert after
    assert after != before
    assert seen_by_a_reader(after) == complete(after)
