"""What a load does or would do, in words: the same ones in the report, the terminal and the index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from district.import_layouts import layout_columns
from qa.contract_types import Verdict
from qa.load.causes import causes_of
from qa.load.contract import Effects, Hold, Load, SchoolEffect

_STUDENTS, _GUARDIANS = "students.csv", "guardians.csv"
# One, several.
_NOUNS = {_STUDENTS: ("student", "students"), _GUARDIANS: ("guardian", "guardians")}
FILES = {_STUDENTS: "Students", _GUARDIANS: "Guardians"}

_DID = "{file}: +{add}, {update} changed, {delete} removed, {carried} kept as they were"
_DEPARTED = ", {departed} sent as inactive"
_FIRST = "First import: {students}"
_FIRST_OF_BOTH = "First import: {students} and {guardians}"
_NOT_SHOWN = "There are fewer than ten students in this load or the last one, so the numbers are not shown."
_FILE_NOT_SHOWN = "{file}: these are few people, so the numbers are not shown."
_ONE_MORE = "One other limit is exceeded."
_MORE = "{number} other limits are exceeded."

_OF = "{n} of {of} {noun}"
_ALL = "all {n} {noun}"
_COUNT = "{n} {noun}"
_SOME = "some {noun}"
_BAND = "{low} to {high} {noun}"
_MOST_AT = ", most of them at school {school}"

# What each rule says of a load, by its id, or by its id and file where the two files read differently.
_RULES: dict[str, str] = {
    "load__baseline__found": "The files of the last published run are missing or were changed, so nothing "
    "can be compared with them",
    "load__district__same": "This looks like another district's load: {records} are not of the last one",
    "load__files__not_empty": "An import file would be empty",
    "load__layout__same": "The import files have another layout than in the last load",
    "load__refused__plausible": "One check refuses {records}",
    "load__refused__limited": "One check newly refuses {records}",
    "load__ids__renumbered": "This load would give a new id to {records}",
    "load__schools__known": "School {school} is missing or has another school's Building Reporting Id",
    "load__students__departed": "This load would end the enrollment of {records}",
    "load__guardians__deleted": "This load would delete {records}",
    "load__schools__concentrated/students.csv": "At school {school}, this load would end the enrollment of "
    "more than {limit} of the students",
    "load__schools__concentrated/guardians.csv": "At school {school}, this load would delete {records}",
    "load__students__without_guardian": "This load would delete the last guardian of {records}",
    "load__identity__overwritten/students.csv": "This load would overwrite the name, birth date or gender of "
    "{records}",
    "load__identity__overwritten/guardians.csv": "This load would overwrite the name of {records}",
    "load__deletions__cumulative": "Small losses since the last release add up. With this load, they would "
    "delete {records}",
    "load__records__carried": "Checks newly refuse {records}, so this load would keep them as last loaded",
    "load__files__grew": "This load would add {records} to the file",
    "load__first__plausible": "In this first load, there would be no guardian for {records}",
    "load__first__confirmed": "A first delivery would delete the guardians there who are not in these files",
}
# The same for a rule that trips in one field.
_RULES_OF_FIELDS: dict[str, str] = {
    "load__field__emptied": "This load would empty “{field}” for {records}",
    "load__field__overwritten": "This load would overwrite “{field}” for {records}",
    "load__field__one_value": "This load would give one and the same “{field}” to {records}",
    "load__deletions__cumulative": "Small losses since the last release add up. With this load, they would "
    "empty “{field}” for {records}",
    "load__first__plausible": "In this first load, “{field}” would be blank for {records}",
}
# The same for a rule of one school of which no band is shown.
_RULES_WITHOUT_BAND: dict[str, str] = {
    "load__schools__concentrated/guardians.csv": "At school {school}, this load would delete more than "
    "{limit} of the guardians",
}
# The same for a rule of one school where it is not named.
_RULES_OF_SOME_SCHOOL: dict[str, str] = {
    "load__schools__known": "A school is missing or has another school's Building Reporting Id",
    "load__schools__concentrated/students.csv": "At one school, this load would end the enrollment of more "
    "than {limit} of the students",
    "load__schools__concentrated/guardians.csv": "At one school, this load would delete more than {limit} of "
    "the guardians",
}
# Rules that count all of an effect: the schools of the effect say where.
_EFFECTS = {
    "load__guardians__deleted": "delete",
    "load__students__departed": "departed",
    "load__files__grew": "add",
}
_OF_GUARDIANS = {"load__guardians__deleted", "load__deletions__cumulative"}


def changes(load: Load) -> str:
    """What a load does, or would do: "Students: +12, 40 changed, 3 removed, 2 kept as they were"."""
    return " ".join(changes_by_file(load))


def changes_by_file(load: Load) -> list[str]:
    """The same, in one sentence for each file."""
    if load.students.now is None:
        return [_NOT_SHOWN]
    if load.baseline_run_id is None:
        students = _records(load.students.now, None, _STUDENTS)
        if load.guardians is None:
            return [_FIRST.format(students=students) + "."]
        guardians = _records(load.guardians.now, None, _GUARDIANS)
        return [_FIRST_OF_BOTH.format(students=students, guardians=guardians) + "."]
    files = ((_STUDENTS, load.students), (_GUARDIANS, load.guardians))
    return [
        _did(file, effects) if effects.now is not None else _FILE_NOT_SHOWN.format(file=FILES[file])
        for file, effects in files
        if effects is not None
    ]


def reason(verdict: Verdict, load: Load, schools: Sequence[SchoolEffect]) -> str | None:
    """Why a run is published or held: what its load does, or would do. None for other verdicts."""
    if verdict == "published":
        return changes(load)
    causes = [cause for cause in causes_of(load.holds) if cause.holds[0].level == "hold"]
    if verdict != "held" or not causes:
        return None
    others = len(causes) - 1
    more = [] if not others else [_ONE_MORE if others == 1 else _MORE.format(number=others)]
    return " ".join([f"{sentence(causes[0].holds[0], load, schools)}.", *more])


def sentence(hold: Hold, load: Load, schools: Sequence[SchoolEffect]) -> str:
    """What exceeds a limit: "This load would delete 412 of 1,874 guardians, most of them at school 107".

    The full stop is left to the caller.
    """
    kind, _, place = hold.scope.partition(":")
    file = file_of(hold)
    field = kind.rpartition(".")[2]
    known = _RULES
    if is_about_a_field(hold):
        known = _RULES | _RULES_OF_FIELDS
    elif not place:
        known = _RULES | _RULES_OF_SOME_SCHOOL
    elif hold.n_from is None:
        known = _RULES | _RULES_WITHOUT_BAND
    template = known.get(f"{hold.rule}/{file}") or known.get(hold.rule) or "{rule}: {records}"
    of = hold.of if hold.rule != "load__files__grew" else None
    return template.format(
        rule=hold.rule,
        records=_band(hold.n_from, file) if place else _records(hold.n, of, file),
        school=place,
        limit=_percent(hold.limit),
        field=field_label(file, field),
    ) + _where(hold, file, load, schools)


def is_about_a_field(hold: Hold) -> bool:
    """Whether a rule tripped because of one field; the scope of other rules may name a file by its key."""
    return hold.scope.count(".") == 2 and hold.rule in _RULES_OF_FIELDS


def file_of(hold: Hold) -> str:
    """The import file whose records a rule counted."""
    if hold.file is not None:
        return hold.file
    is_of_guardians = hold.scope.startswith(_GUARDIANS) or (
        hold.scope == "district" and hold.rule in _OF_GUARDIANS
    )
    return _GUARDIANS if is_of_guardians else _STUDENTS


def field_label(file: str, field: str) -> str:
    """A field's heading in the import file, such as Home Phone."""
    return _headings().get((file, field), field)


def _did(file: str, effects: Effects) -> str:
    numbers = {name: _number(value) for name, value in effects.model_dump().items()}
    text = _DID.format(file=FILES[file], **numbers)
    return text + (_DEPARTED.format(**numbers) if effects.departed else "") + "."


def _records(n: int | None, of: int | None, file: str) -> str:
    one, several = _NOUNS[file]
    if n is None:
        return _SOME.format(noun=several)
    if of is None:
        return _COUNT.format(n=_number(n), noun=one if n == 1 else several)
    if n == of and n > 1:
        return _ALL.format(n=_number(n), noun=several)
    return _OF.format(n=_number(n), of=_number(of), noun=one if of == 1 else several)


def _where(hold: Hold, file: str, load: Load, schools: Sequence[SchoolEffect]) -> str:
    """The school that most of the records are at, where one school has at least half of them."""
    effect = _EFFECTS.get(hold.rule, "")
    effects = load.guardians if file == _GUARDIANS else load.students
    if not effect or effects is None or hold.n is None or getattr(effects, effect) != hold.n:
        return ""
    named = [one.school for one in load.most_at if (one.file, one.effect) == (file, effect)]
    if named:
        return _MOST_AT.format(school=named[0])
    seen = [one for one in schools if (one.file, one.effect) == (file, effect)]
    most = max(seen, key=lambda one: one.records_from, default=None)
    # Where bands are shown, it is said only if the band by itself says so.
    if most is None or most.records_from * 2 <= hold.n:
        return ""
    return _MOST_AT.format(school=most.school)


def _band(low: int | None, file: str) -> str:
    noun = _NOUNS[file][1]
    if low is None:
        return _SOME.format(noun=noun)
    return _BAND.format(low=_number(low), high=_number(low + 9), noun=noun)


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f}%"


def _number(value: int | None) -> str:
    return "some" if value is None else f"{value:,}"


@cache
def _headings() -> dict[tuple[str, str], str]:
    names: dict[tuple[str, str], str] = {}
    for column in layout_columns():  # one name for one thing: as the first layout has it
        names.setdefault((column.file, column.field), column.column_name)
    return names


def _sentences() -> Iterator[str]:
    yield from (_DID, _DEPARTED, _FIRST, _FIRST_OF_BOTH, _NOT_SHOWN, _FILE_NOT_SHOWN)
    yield from (_ONE_MORE, _MORE, _MOST_AT)
    yield from FILES.values()
    templates = (_RULES, _RULES_OF_FIELDS, _RULES_WITHOUT_BAND, _RULES_OF_SOME_SCHOOL)
    for template in (*(text for its in templates for text in its.values()), _FIRST, _FIRST_OF_BOTH):
        for noun in (noun for nouns in _NOUNS.values() for noun in nouns):
            for phrase in (_OF, _ALL, _COUNT, _SOME, _BAND):
                text = phrase.replace("{noun}", noun)
                yield (
                    template.replace("{records}", text)
                    .replace("{students}", text)
                    .replace("{guardians}", text)
                )


# For the scan: what a redacted file may contain of the above; `{...}` stands for a number, a field, a school.
SENTENCES = tuple(dict.fromkeys(_sentences()))
# The headings of the import files.
HEADINGS = frozenset(_headings().values())
FIELDS = frozenset(field for _, field in _headings())
