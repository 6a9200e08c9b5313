"""Makes the parts of qa.json about the load: no exact number of a school, no school code that is a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from district.run_id import started_at
from qa.contract_types import ImportFile
from qa.load.contract import Carried, Effects, FieldEffect, Hold, Load, MostAt, SchoolEffect
from qa.load.effects import HoldRow, LoadRows
from qa.load.school_limits import Bands, Most, holds_of_schools, most_named, named_schools, without_narrowed
from qa.redaction.pseudonyms import Pseudonyms, is_public_school_code
from qa.redaction.schools.bands import all_bands, bands_shown
from qa.redaction.schools.renewal import Renewal
from qa.redaction.suppression import SmallPopulations

# Effects that last: the same records from one published run to the next.
_LASTING = ("carried", "departed")


def load_parts(
    rows: LoadRows,
    baseline_run_id: str | None,
    pseudonyms: Pseudonyms,
    small: SmallPopulations,
    renewal: Renewal,
) -> tuple[Load, list[SchoolEffect], list[Carried]]:
    """The load, the load by school, and what is kept as it was, as qa.json has them.

    Args:
        rows: as the warehouse has them.
        baseline_run_id: the published run that the load is compared with.
        pseudonyms: the district's, for school codes that are not all digits.
        small: the populations that are not counted.
        renewal: what earlier runs showed by school.
    """
    records = _records(rows, small)
    shown = _Shown(rows, records, baseline_run_id, renewal)
    bands = {effect: all_bands(its) for effect, its in records.items()} if small.shows_all else shown.bands()
    most = {} if small.shows_all else shown.most(bands)
    named = named_schools(rows.holds, bands, most, names_all=small.shows_all)
    schools = [hold.school for hold in named] + [school for its in bands.values() for school in its]
    schools += most.values()
    codes = _codes(schools, pseudonyms)
    load = Load(
        baseline_run_id=baseline_run_id,
        students=_effects("students.csv", rows, small),
        guardians=_effects("guardians.csv", rows, small) if "guardians.csv" in rows.totals else None,
        fields=[
            FieldEffect(
                file=file,
                field=field,
                overwritten=None if small.hides_file(file) else overwritten,
                emptied=None if small.hides_file(file) else emptied,
            )
            for file, field, overwritten, emptied in rows.fields
        ],
        holds=[
            *(_hold(hold, small) for hold in rows.holds if not hold.school),
            *holds_of_schools(rows.holds, named, bands, codes),
        ],
        most_at=[
            MostAt.model_validate(
                {
                    "file": file,
                    "effect": effect,
                    "school": codes[school],
                    "as_of": shown.as_of("most", file, effect),
                }
            )
            for (file, effect), school in sorted(most.items())
        ],
    )
    by_school = [
        SchoolEffect.model_validate(
            {
                "file": file,
                "school": codes[school],
                "effect": effect,
                "records_from": band,
                "as_of": shown.as_of("load", file, effect),
            }
        )
        for (file, effect), its in bands.items()
        for school, band in its.items()
    ]
    by_school.sort(key=lambda one: (one.file != "students.csv", one.school, one.effect))
    carried = [
        Carried.model_validate(
            {
                "file": row.file,
                "effect": row.kept_as,
                "check": row.check_id,
                "records": row.records,
                "since": started_at(row.since_run_id),
            }
        )
        for row in rows.carried
        if not small.hides_file(row.file)
    ]
    return load, by_school, carried


def _records(rows: LoadRows, small: SmallPopulations) -> Bands:
    """The records of each effect by school, of the files that are counted."""
    records: defaultdict[tuple[ImportFile, str], dict[str, int]] = defaultdict(dict)
    for row in rows.schools:
        if not small.hides_file(row.file):
            records[row.file, row.effect][row.school_id] = row.records
    return records


@dataclass(frozen=True)
class _Shown:
    """What is shown by school of each effect: now, or as an earlier run showed it (see qa.redaction.schools).

    Runs that are compared with one published run can be subtracted from each other, so what they show by
    school stays until the effect's number has changed. Who is kept as last published is the same people from
    one published run to the next, too.
    """

    rows: LoadRows
    records: Bands
    baseline_run_id: str | None
    renewal: Renewal

    def bands(self) -> Bands:
        """The band of each school that is shown."""

        def of(file: ImportFile, effect: str) -> Mapping[str, int]:
            return self.renewal.shown(
                self._item("load", file, effect),
                self.rows.totals[file][effect],
                lambda: bands_shown(self.records[file, effect], self.rows.lasting_schools.get(file, 0)),
            )

        bands = {(file, effect): dict(of(file, effect)) for file, effect in self.records}
        return without_narrowed(bands, self.rows.holds)

    def most(self, bands: Bands) -> Most:
        """The school with most of the records of an effect without bands."""
        now = most_named(self.rows, self.records, bands)
        most: Most = {}
        for file, effect in self.records:
            school = now.get((file, effect))
            named = self.renewal.shown(
                self._item("most", file, effect),
                self.rows.totals[file][effect],
                lambda school=school: {school: 1} if school else {},  # type: ignore[misc]
            )
            if named and not bands.get((file, effect)):
                most[file, effect] = next(iter(named))
        return most

    def as_of(self, kind: str, file: str, effect: str) -> datetime | None:
        """Start of the earlier run that an effect's schools are of; None where they are of this run."""
        return self.renewal.as_of(self._item(kind, file, effect))

    def _item(self, kind: str, file: str, effect: str) -> str:
        compared_with = "" if effect in _LASTING else f"/{self.baseline_run_id}"
        return f"{kind}/{file}/{effect}{compared_with}"


def _codes(schools: Iterable[str], pseudonyms: Pseudonyms) -> dict[str, str]:
    """Each school's code where it is a number, and else its pseudonym."""
    known = set(schools)
    words = [school for school in known if not is_public_school_code(school)]
    named = pseudonyms.of(("schools", word) for word in words)
    return {school: school if is_public_school_code(school) else named["schools", school] for school in known}


def _effects(file: ImportFile, rows: LoadRows, small: SmallPopulations) -> Effects:
    is_hidden, records = small.hides_file(file), rows.totals[file]
    return Effects.model_validate(
        {name: None if is_hidden else records[name] for name in Effects.model_fields}
    )


def _hold(hold: HoldRow, small: SmallPopulations) -> Hold:
    is_hidden = small.of_load or small.hides_numbers_of(hold.of)
    n, of, share = (None, None, None) if is_hidden else (hold.n, hold.of, hold.share)
    return Hold.model_validate(
        {
            "rule": hold.rule,
            "scope": hold.scope,
            "n": n,
            "of": of,
            "share": None if share is None else round(share, 4),
            "limit": hold.limit,
            "floor": hold.floor,
            "level": hold.level,
        }
    )
