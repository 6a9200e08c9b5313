"""Small populations: of fewer than ten people, a file that is shared says neither how many nor which.

The rule:

- A population is a table of people's records (students, contacts, links, addresses, phones, district-defined
  fields), a file of the import, or what a check looks at. It is small with 1 to 9 records, in this run or the
  last time before that its endpoint was complete (a file: in the last published run). Where the students are
  few, everything that belongs to them is small; where the contacts are few, their links, addresses, phones.
- Of a small population there is no count, no share, no example, no "since" and no trend, and no words that
  are chosen by a count ("all", "no student has"). What stays: which checks passed and which failed, why that
  matters and what to do.
- Where a limit at one school says nearly all about a file's few deletions, the file is small in that run.
- Schools, endpoints, labels and import files are not people: their numbers stay. Zero stays: no one is in it.
- Everything is in the district's own files: raw.duckdb, the warehouse, private/ and the unredacted report.

What it does not hide: that a check passed one night and failed the next, and that a population crossed the
threshold. Who knows from elsewhere that one child joined on that day can connect the two. In a population of
ten or more, a failure of one record is shown as one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from district.endpoints import BY_NAME, SMALLEST_COUNT, is_few, with_what_belongs_to
from qa.check_results import CheckResult
from qa.contract import Pull
from qa.load.effects import LoadRows
from qa.load.school_limits import CONCENTRATED_GUARDIANS, DELETED_GUARDIANS
from qa.redaction.pseudonyms import PERSONAL_KINDS

# Populations of checks that are not people, as dbt's yml names them. Any other is.
NOT_PEOPLE = frozenset({
    "endpoints", "endpoints compared with the last published run", "fields sent or expected", "import files",
    "last published imports", "layouts of the import", "loads compared with the last one", "school records",
    "schools",
})  # fmt: skip
_IMPORTS = {"students.csv": "import_students", "guardians.csv": "import_guardians"}
# Tables that count records of several populations.
_OF_ALL = "quarantined_records"
_OF_THE_IMPORT = ("import_rejects", "import_carried")


@dataclass(frozen=True)
class SmallPopulations:
    """What a run's shared files must not count.

    Attributes:
        marts: tables with few people in them, the import's among them.
        shows_all: of the district's own edition: nothing is hidden.
    """

    marts: frozenset[str]
    shows_all: bool = False

    @property
    def of_load(self) -> bool:
        """Whether what the load does is counted in a small population."""
        return not self.marts.isdisjoint(_IMPORTS.values())

    def hides_file(self, file: str) -> bool:
        """Whether the records of a file of the import are not counted."""
        return _IMPORTS[file] in self.marts

    def hides(self, result: CheckResult) -> bool:
        """Whether a check's numbers and records are not shown."""
        if self.shows_all or result.population in NOT_PEOPLE:
            return False
        if is_few(result.total):
            return True
        entity = result.check_id.partition("__")[0]
        return self.of_load if entity == "load" else entity in self.marts

    def hides_numbers_of(self, of: int | None) -> bool:
        """Whether a share of so many people is not shown."""
        return not self.shows_all and of is not None and is_few(of)

    def pull_shown(self, pull: Pull) -> Pull:
        """The pull; without its numbers and the message that quotes them where its records are few people."""
        endpoint = BY_NAME[pull.endpoint]
        is_small = is_few(pull.rows or 0) or is_few(pull.reported_total or 0) or endpoint.mart in self.marts
        if self.shows_all or not endpoint.is_personal or not is_small:
            return pull
        return pull.model_copy(
            update={"rows": None, "pages": None, "reported_total": None, "answer_detail": None}
        )

    def counts_shown(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Rows by table, without those that are not shown."""
        hidden = set(self.marts)
        if hidden:
            hidden.add(_OF_ALL)
        if self.of_load:
            hidden.update(_OF_THE_IMPORT)
        return {mart: rows for mart, rows in counts.items() if mart not in hidden}


EVERYTHING_SHOWN = SmallPopulations(frozenset(), shows_all=True)


def small_populations(
    pulls: Sequence[Pull],
    rows_before: Mapping[str, int],
    counts: Mapping[str, int],
    load: LoadRows | None,
    *,
    has_baseline: bool,
) -> SmallPopulations:
    """The small populations of a run.

    Args:
        pulls: of the run, with their numbers.
        rows_before: rows of each endpoint the last time before this run that it was complete.
        counts: rows by mart.
        load: what the load would do; None where no import was built.
        has_baseline: whether the load is compared with a published run.
    """
    few = {mart for mart, rows in counts.items() if mart in PERSONAL_KINDS and is_few(rows)}
    for pull in pulls:
        endpoint = BY_NAME[pull.endpoint]
        received = [pull.rows] if pull.state in ("complete", "unreconciled") else []
        rows = [*received, rows_before.get(pull.endpoint)]
        if endpoint.is_personal and any(is_few(number or 0) for number in rows):
            few.add(endpoint.mart)
    small = with_what_belongs_to(few)
    return SmallPopulations(small | _small_files(load, small, has_baseline=has_baseline))


def _small_files(load: LoadRows | None, small: Collection[str], *, has_baseline: bool) -> set[str]:
    """The import's files of which few records are or were loaded, or whose people are few."""
    files: set[str] = set()
    for file, records in (load.totals if load else {}).items():
        numbers = [records["now"], *([records["before"]] if has_baseline else [])]
        if any(is_few(number) for number in numbers):
            files.add(file)
    if "students" in small or "students.csv" in files:
        files.update(_IMPORTS)
    elif "contacts" in small or (load and _few_are_deleted_at_one_school(load)):
        files.add("guardians.csv")
    return {_IMPORTS[file] for file in files}


def _few_are_deleted_at_one_school(load: LoadRows) -> bool:
    """Whether a limit at a school leaves fewer than ten possible numbers of its deleted guardians.

    A school over the limit has more than `floor` of them, and any other has what is left. That the file is
    not shown says by itself that there are few: so one more is hidden, and then ten are possible.
    """
    file, effect = DELETED_GUARDIANS
    deleted = load.totals.get(file, {}).get(effect, 0)
    floors = [hold.floor or 0 for hold in load.holds if (hold.rule, hold.variant) == CONCENTRATED_GUARDIANS]
    return any(2 * (deleted - floor) <= SMALLEST_COUNT for floor in floors)
