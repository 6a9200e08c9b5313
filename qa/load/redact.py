"""Makes the parts of qa.json about the load: no exact number of a school, no school code that is a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from district.run_id import started_at
from qa.contract_types import ImportFile
from qa.load.contract import Carried, Effects, FieldEffect, Hold, Load, MostAt, SchoolEffect
from qa.load.effects import HoldRow, LoadRows
from qa.load.school_limits import Bands, holds_of_schools, most_named, named_schools, without_narrowed
from qa.redaction.pseudonyms import Pseudonyms, is_public_school_code
from qa.redaction.schools.bands import all_bands, bands_shown
from qa.redaction.suppression import SmallPopulations


def load_parts(
    rows: LoadRows, baseline_run_id: str | None, pseudonyms: Pseudonyms, small: SmallPopulations
) -> tuple[Load, list[SchoolEffect], list[Carried]]:
    """The load, the load by school, and what is kept as it was, as qa.json has them.

    Args:
        rows: as the warehouse has them.
        baseline_run_id: the published run that the load is compared with.
        pseudonyms: the district's, for school codes that are not all digits.
        small: the populations that are not counted.
    """
    records = _records(rows, small)
    bands = _bands(rows, records, small)
    most = {} if small.shows_all else most_named(rows, records, bands)
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
            MostAt.model_validate({"file": file, "effect": effect, "school": codes[school]})
            for (file, effect), school in sorted(most.items())
        ],
    )
    by_school = [
        SchoolEffect.model_validate(
            {"file": file, "school": codes[school], "effect": effect, "records_from": band}
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


def _bands(rows: LoadRows, records: Bands, small: SmallPopulations) -> Bands:
    """What is shown by school of each effect: see qa.redaction.schools.bands."""
    if small.shows_all:
        return {effect: all_bands(its) for effect, its in records.items()}
    bands = {
        (file, effect): bands_shown(its, rows.lasting_schools.get(file, 0))
        for (file, effect), its in records.items()
    }
    return without_narrowed(bands, rows.holds)


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
