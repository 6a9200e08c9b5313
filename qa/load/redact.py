"""Makes the parts of qa.json about the load: no small number of a school, no school code that is a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from district.run_id import started_at
from qa.contract_types import SMALLEST_COUNT
from qa.load.contract import Carried, Effects, FieldEffect, Hold, Load, SchoolEffect
from qa.load.effects import HoldRow, LoadRows, SchoolRow
from qa.redaction.pseudonyms import Pseudonyms, is_public_school_code


def load_parts(
    rows: LoadRows, baseline_run_id: str | None, pseudonyms: Pseudonyms
) -> tuple[Load, list[SchoolEffect], list[Carried]]:
    """The load, the load by school, and what is kept as it was, as qa.json has them.

    Args:
        rows: as the warehouse has them.
        baseline_run_id: the published run that the load is compared with.
        pseudonyms: the district's, for school codes that are not all digits.
    """
    students = rows.totals["students.csv"]
    is_tiny = students["before"] < SMALLEST_COUNT and students["now"] < SMALLEST_COUNT
    shown = [] if is_tiny else _large_enough(rows.schools)
    schools = [row.school_id for row in shown]
    schools += [hold.scope.removeprefix("school:") for hold in rows.holds if hold.scope.startswith("school:")]
    codes = _codes(schools, pseudonyms)
    load = Load(
        baseline_run_id=baseline_run_id,
        students=_effects(students, is_tiny),
        guardians=_effects(rows.totals["guardians.csv"], is_tiny) if "guardians.csv" in rows.totals else None,
        fields=[
            FieldEffect(
                file=file,
                field=field,
                overwritten=None if is_tiny else overwritten,
                emptied=None if is_tiny else emptied,
            )
            for file, field, overwritten, emptied in rows.fields
        ],
        holds=[_hold(hold, codes, is_tiny) for hold in rows.holds],
    )
    by_school = [
        SchoolEffect.model_validate(
            {"file": row.file, "school": codes[row.school_id], "effect": row.effect, "records": row.records}
        )
        for row in shown
    ]
    carried = [
        Carried.model_validate(
            {
                "file": row.file,
                "effect": row.kept_as,
                "check": row.check_id,
                "records": None if is_tiny else row.records,
                "since": started_at(row.since_run_id),
            }
        )
        for row in rows.carried
    ]
    return load, by_school, carried


def counts_shown(counts: dict[str, int], load: Load | None) -> dict[str, int]:
    """Rows by table, without the import's where the load's numbers are not shown."""
    if load is None or load.students.now is not None:
        return counts
    return {mart: rows for mart, rows in counts.items() if not mart.startswith("import_")}


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


def _effects(records: dict[str, int], is_tiny: bool) -> Effects:
    return Effects.model_validate({name: None if is_tiny else records[name] for name in Effects.model_fields})


def _hold(hold: HoldRow, codes: dict[str, str], is_tiny: bool) -> Hold:
    kind, _, school = hold.scope.partition(":")
    is_school = kind == "school"

    def shown(number: int | None) -> int | None:
        is_small = number is None or (is_school and number < SMALLEST_COUNT)
        return None if is_tiny or is_small else number

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
