"""What each nightly run and each decision repairs first: whatever the last one left when it was killed.

The link `published` says what is published. History, night.json and the runs' files follow it.
"""

from __future__ import annotations

import shutil

from district.folder import DistrictFolder, NightFolder
from district.run_id import started_at
from night.decisions import history
from night.decisions.run import document_of, record_of, repair_decision
from night.export import ExportError, Manifest
from night.publication.leftovers import check_warehouses, rebuild_raw, remove_unfinished, restore_links
from night.publication.publish import announced, write_history
from night.record import NightRecord

# What a run's night.json says that wrote none, or one that isn't true.
KILLED = (
    "it was ended from outside, for example because the machine was restarted or ran out of memory. Nothing "
    "from this run was published"
)
INTERRUPTED = "it was interrupted just before it was published; nothing of it is published"


def repair(folder: DistrictFolder) -> list[str]:
    """Repair a district's folder; its lock must be held.

    Returns:
        What was repaired, one line each, in our own words, ids and counts.

    Raises:
        Plus360Error: raw.duckdb can't be read or written.
    """
    repairs = [
        *remove_unfinished(folder),
        *rebuild_raw(folder),
        *restore_links(folder),
        *check_warehouses(folder),
        *repair_decision(folder),
        *_repair_runs(folder),
    ]
    folder.publishing.unlink(missing_ok=True)
    return repairs


def start_over(night: NightFolder) -> None:
    """Remove what an earlier build of the same run said, night.json first: a run without one has failed."""
    night.record.unlink(missing_ok=True)
    _remove_statements(night)


def withdraw(night: NightFolder, headline: str | None = None) -> None:
    """Take back what a run's files and history say: nothing of it is published, and no one decides on it.

    Args:
        night: the run.
        headline: for its night.json, written last; without one, that is the caller's.
    """
    folder = night.district
    if history.verdict_of(folder, night.run_id) not in (None, "failed"):
        history.set_failed(folder, night.run_id)
    _remove_statements(night)
    if headline is not None:
        NightRecord.of_failed(night, headline).write(night)


def _remove_statements(night: NightFolder) -> None:
    for path in (night.qa_json, night.uncut_qa_json, night.report, night.unredacted_report):
        path.unlink(missing_ok=True)
    if night.export.exists():
        shutil.rmtree(night.export)


def _repair_runs(folder: DistrictFolder) -> list[str]:
    verdicts = history.verdicts(folder)
    interrupted = _interrupted(folder, verdicts)
    repairs = []
    for run_id in sorted(interrupted | {night.run_id for night in folder.all_nights()}):
        if not _is_run_id(run_id):
            continue
        night = folder.night(run_id)
        if night == folder.published:
            repairs += _complete(night, verdicts.get(run_id))
        elif run_id in interrupted:
            withdraw(night, INTERRUPTED)
            repairs.append(f"run {run_id} was interrupted just before it was published: it is failed now")
        else:
            repairs += _follow_night_json(night, verdicts.get(run_id))
    return repairs


def _interrupted(folder: DistrictFolder, verdicts: dict[str, str]) -> set[str]:
    """Runs that are called published and that the link never named: they are newer than the one it names."""
    called = {run_id for run_id, verdict in verdicts.items() if verdict == "published"}
    records = NightRecord.of_district(folder)
    recorded = {record.run_id for record in records if record.verdict == "published"}
    if published := folder.published:
        return {run_id for run_id in called | recorded if run_id > published.run_id}
    if interrupted := announced(folder):
        return {interrupted.run_id} & (called | recorded)
    # A run is announced before history calls it published. So what is gone was published: the link or, in a
    # backup of history alone, all runs. write_baseline calls them missing, and a person decides.
    return set()


def _complete(night: NightFolder, verdict: str | None) -> list[str]:
    """Write what is missing of the published run: its rows in history, its night.json."""
    document = document_of(night)
    if document is None or document.verdict != "published":
        return []
    night.undecided_qa_json.unlink(missing_ok=True)
    repairs = []
    if verdict != "published":
        try:
            files = Manifest.of(night.export).files
        except ExportError:
            files = {}
        write_history(night, document, files if night.warehouse.exists() else {})
        repairs.append(f"the published run {night.run_id} was missing in history: it is there again")
    if NightRecord.of(night) is None:
        record_of(night, document).write(night)
        repairs.append(f"the published run {night.run_id} had no night.json: it has one again")
    return repairs


def _follow_night_json(night: NightFolder, verdict: str | None) -> list[str]:
    """Make a run's files and history say what its night.json says, which is written last."""
    record, document = NightRecord.of(night), document_of(night)
    if record is None:
        if document is not None and document.verdict == verdict:
            record_of(night, document).write(night)
            return [f"run {night.run_id} had no night.json: it has one again"]
        if verdict == "published":  # once it was, and a later one is now
            return []
        withdraw(night, KILLED)
        return [f"run {night.run_id} was ended from outside: it is failed now"]
    if record.verdict == "failed" and (
        verdict not in (None, "failed") or (document is not None and document.verdict != "failed")
    ):
        withdraw(night)
        return [f"run {night.run_id} failed, and its files or history did not say so: they do now"]
    return []


def _is_run_id(name: str) -> bool:
    try:
        started_at(name)
    except ValueError:
        return False
    return True
