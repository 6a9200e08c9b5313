"""Makes the parts of qa.json about the load: no small number of a school, no school code that is a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from district.endpoints import SMALLEST_COUNT
from district.run_id import started_at
from qa.contract_types import ImportFile
from qa.load.contract import Carried, Effects, FieldEffect, Hold, Load, SchoolEffect
from qa.load.effects import HoldRow, LoadRows, SchoolRow
from qa.redaction.pseudonyms import Pseudonyms, is_public_school_code
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
    shown = _large_enough(row for row in rows.schools if not small.hides_file(row.file))
    schools = [row.school_id for row in shown]
    schools += [hold.scope.removeprefix("school:") for hold in rows.holds if hold.scope.startswith("school:")]
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
        holds=[_hold(hold, codes, small) for hold in rows.holds],
    )
    by_school = [
        SchoolEffect.model_validate(
            {
                "file": row.file,
                "school": codes[row.school_id],
                "effect": row.effect,
                "records_from": row.records // 10 * 10,
            }
        )
        for row in shown
    ]
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


def _codes(schools: Iterable[str], pseudonyms: Pseudonyms) -> dict[str, str]:
    """Each school's code where it is a number, and else its pseudonym."""
    known = set(schools)
    words = [school for school in known if not is_public_school_code(school)]
    named = pseudonyms.of(("schools", word) for word in words)
    return {school: school if is_public_school_code(school) else named["schools", school] for school in known}


def _large_enough(rows: Iterable[SchoolRow]) -> list[SchoolRow]:
    """The rows of ten records or more.

    Where only one school of an effect is below, its number is what the district's leaves over: then the
    smallest other school is not shown either.
    """
    by_effect: defaultdict[tuple[str, str], list[SchoolRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (-row.records, row.school_id)):
        by_effect[row.file, row.effect].append(row)
    shown: list[SchoolRow] = []
    for its in by_effect.values():
        large = [row for row in its if row.records >= SMALLEST_COUNT]
        shown += large[:-1] if len(its) - len(large) == 1 else large
    return sorted(shown, key=lambda row: (row.file != "students.csv", row.school_id, row.effect))


def _effects(file: ImportFile, rows: LoadRows, small: SmallPopulations) -> Effects:
    is_hidden, records = small.hides_file(file), rows.totals[file]
    return Effects.model_validate(
        {name: None if is_hidden else records[name] for name in Effects.model_fields}
    )


def _hold(hold: HoldRow, codes: dict[str, str], small: SmallPopulations) -> Hold:
    kind, _, school = hold.scope.partition(":")
    is_school = kind == "school"
    is_hidden = small.of_load or small.hides_numbers_of(hold.of)

    def shown(number: int | None) -> int | None:
        is_small = number is None or (is_school and number < SMALLEST_COUNT)
        return None if is_hidden or is_small else number

    n, of = shown(hold.n), shown(hold.of)
    return Hold.model_validate(
        {
            "rule": hold.rule,
            "scope": f"school:{codes[school]}" if is_school else hold.scope,
            "n": n,
            "of": of,
            "share": None if n is None or of is None or hold.share is None else round(hold.share, 4),
            "limit": hold.limit,
            "floor": hold.floor,
            "level": hold.level,
        }
    )
