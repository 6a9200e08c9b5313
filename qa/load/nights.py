"""What each run's load did, or would have done, by night: history.effects."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from qa.contract_types import ImportFile
from qa.load.contract import Effects, Load, NightEffects

# By run, file and effect: records; None where they were of few people.
EffectsOfRuns = dict[str, dict[str, dict[str, int | None]]]
_FIELDS = tuple(NightEffects.model_fields)
_FEW = NightEffects.model_validate(dict.fromkeys(_FIELDS))


def read_effects(store: duckdb.DuckDBPyConnection, run_id: str) -> EffectsOfRuns:
    """What the loads of the runs before a run did."""
    found: EffectsOfRuns = {}
    for run, file, effect, records in store.execute(
        "select run_id, file, effect, records from history.effects where run_id < ?", [run_id]
    ).fetchall():
        found.setdefault(run, {}).setdefault(file, {})[effect] = records
    return found


def effects_of(load: Load | None) -> dict[str, dict[str, int | None]]:
    """What one load does, as it is kept; nothing where no import was built."""
    files: dict[ImportFile, Effects | None] = {}
    if load is not None:
        files = {"students.csv": load.students, "guardians.csv": load.guardians}
    return {
        file: {effect: getattr(effects, effect) for effect in _FIELDS}
        for file, effects in files.items()
        if effects is not None
    }


def write_effects(store: duckdb.DuckDBPyConnection, run_id: str, load: Load | None) -> None:
    """Keep what a run's load does, as its qa.json shows it; the transaction is the caller's."""
    store.execute("delete from history.effects where run_id = ?", [run_id])
    rows = [
        (run_id, file, effect, records)
        for file, effects in effects_of(load).items()
        for effect, records in effects.items()
    ]
    if rows:
        store.executemany("insert into history.effects values (?, ?, ?, ?)", rows)


def night_effects(effects: Mapping[str, int | None] | None, *, is_hidden: bool) -> NightEffects | None:
    """One file's effects of one night; None where no import was built."""
    if effects is None:
        return None
    return _FEW if is_hidden else NightEffects.model_validate({name: effects.get(name) for name in _FIELDS})
