"""`python -m qa.audit DATA DISTRICT`: what a reader can work out of each school's numbers.

Reads what is shared of a district: qa.json, report.html and night.json of every kept run, and index.json.
For each number of each school it computes which values are possible, from the bands, the district's exact
numbers, the steps of the shares, the limits that are exceeded, and the sentences; qa.audit.inference says
how, and what it does not try. Ten values must be possible, or only values under ten with zero among them.

Prints a line for each kind of number, and each number that can be worked out. Exit code 1 if there is one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from district.data_folder import DataFolder
from district.folder import DistrictFolder, NightFolder
from qa.audit.inference import Possible, Quantity, violations
from qa.audit.runs import between
from qa.audit.school_sentences import MOST_OF_THEM, too_much, too_much_in_page
from qa.contract import QaDocument
from qa.failing.contract import Finding
from qa.load.contract import Hold
from qa.redaction.schools.bands import BAND
from qa.redaction.schools.shares import narrowed
from qa.verdict.document_file import DocumentError, read_document

# The effect that a hold of one school counts, by its file where no school is named.
_DELETED, _LEFT = ("guardians.csv", "delete"), (("students.csv", "departed"), ("students.csv", "update"))
_MOST_AT = {"load__guardians__deleted": _DELETED, "load__students__departed": ("students.csv", "departed")}
_ONE_SCHOOL = "load__schools__concentrated"


@dataclass(frozen=True)
class Result:
    """One kind of number in one run.

    Attributes:
        kind: what is counted.
        numbers: how many schools' numbers there are to work out.
        found: those that can be, in words.
    """

    run_id: str
    kind: str
    numbers: int
    found: list[str]


def audit(district: DistrictFolder) -> list[Result]:
    """What can be worked out of a district's schools, by run and kind of number."""
    results: list[Result] = []
    documents: list[QaDocument] = []
    for night in district.all_nights():
        if not night.qa_json.exists():
            continue
        try:
            document, _ = read_document(night)
        except DocumentError:
            results.append(Result(night.run_id, "qa.json of another version, not read", 0, []))
        else:
            documents.append(document)
            results += [*of_document(document), *_of_files(night, document)]
    for earlier, later in pairwise(documents):
        numbers, found = between(earlier, later, documents)
        results.append(Result(later.run_id, "subtracted from the run before", numbers, found))
    index = DataFolder(district.path.parent).index_json
    if index.exists():
        entries = json.loads(index.read_text(encoding="utf-8"))["districts"]
        texts = [text for one in entries if one["district"] == district.key for text in _texts(one)]
        results.append(_of_texts("index", "sentences of the index", texts))
    return results


def of_document(document: QaDocument) -> Iterator[Result]:
    """What can be worked out from one qa.json."""
    for (file, effect), quantity in _effects(document).items():
        possible = quantity.possible()
        yield Result(document.run_id, f"{effect} in {file}", len(possible), violations(possible))
    for finding in document.findings:
        possible = _failing(document, finding).possible()
        found = [f"{finding.id}: {words}" for words in violations(possible)]
        yield Result(document.run_id, f"failing {finding.id.partition('__')[0]}", len(possible), found)
    yield from _shares(document)
    limits = document.load.holds if document.load else []
    yield Result(document.run_id, "limits", len(limits), [*_limits(document)])
    yield _of_texts(document.run_id, "sentences of qa.json", [*_texts(document.model_dump(mode="json"))])


def schools_of(document: QaDocument) -> int:
    """How many schools have students, as a reader can count them."""
    seen = {one.school for one in document.school_completeness}
    return len(seen) or document.counts.get("schools", 0)


def _effects(document: QaDocument) -> dict[tuple[str, str], Quantity]:
    """The records of each file and effect by school."""
    load = document.load
    if load is None:
        return {}
    totals = {"students.csv": load.students, "guardians.csv": load.guardians}
    quantities: dict[tuple[str, str], Quantity] = {}
    for file, effects in totals.items():
        for effect in ("add", "update", "carried", "departed", "delete", "moved_in", "moved_out"):
            total = getattr(effects, effect) if effects else None
            quantities[file, effect] = Quantity(total, schools_of(document))
    for most in (one for one in load.most_at if one.as_of is None):
        its = quantities[most.file, most.effect]
        its.learn(most.school, Possible(((its.total or 0) + 1) // 2, None))
    for one in document.load_schools:
        if one.as_of is not None:
            continue
        its = quantities[one.file, one.effect]
        its.lists = True
        its.learn(one.school, Possible(one.records_from, one.records_from + BAND - 1))
    for hold in load.holds:
        _learn_from_limit(hold, quantities)
    for finding in document.findings:
        for match in MOST_OF_THEM.finditer(finding.headline):
            n = int(match["n"].replace(",", ""))
            if counted := _MOST_AT.get(finding.id):
                quantities[counted].learn(match["school"], Possible((n + 1) // 2, None))
    return quantities


def _learn_from_limit(hold: Hold, quantities: dict[tuple[str, str], Quantity]) -> None:
    """What an exceeded limit of one school says of its number."""
    if hold.rule != _ONE_SCHOOL:
        return
    floor, kind = hold.floor or 0, hold.scope.partition(":")
    if kind[0] != "school":
        if hold.scope.startswith("guardians.csv"):
            quantities[_DELETED].exceeded_by_one(floor)
        return
    if hold.n_from is not None:
        quantities[_DELETED].learn(kind[2], Possible(max(floor + 1, hold.n_from), hold.n_from + BAND - 1))
        return
    if hold.file == "guardians.csv":
        quantities[_DELETED].learn(kind[2], Possible(floor + 1, None))
        return
    others = [quantities["students.csv", "delete"], *(quantities[effect] for effect in _LEFT)]
    for its in others:
        more = [one.possible().get(kind[2], Possible(0, one.total)).high for one in others if one is not its]
        if None not in more:
            its.learn(kind[2], Possible(max(0, floor + 1 - sum(high or 0 for high in more)), None))


def _limits(document: QaDocument) -> Iterator[str]:
    """Limits of one school that say its number, or that leave fewer than ten values to any school."""
    load = document.load
    for hold in load.holds if load else []:
        kind, _, school = hold.scope.partition(":")
        if kind == "school" and (hold.n, hold.of, hold.share) != (None, None, None):
            yield f"{hold.rule}: exact numbers of school {school}"
        deleted = load.guardians.delete if load and load.guardians else None
        is_of_guardians = hold.rule == _ONE_SCHOOL and hold.scope.startswith("guardians.csv")
        if is_of_guardians and deleted is not None and 2 * (deleted - (hold.floor or 0)) < BAND:
            yield f"{hold.rule}: of {deleted} deleted guardians, one school has nearly all"


def _failing(document: QaDocument, finding: Finding) -> Quantity:
    """The failing records of a finding by school."""
    # Some records are of no school: contacts without a student, students without a building.
    its = Quantity(finding.failed, schools_of(document), has_rest=True)
    if finding.schools_as_of is not None:
        return its
    for one in finding.schools:
        its.lists = True
        its.learn(one.school, Possible(one.records_from, one.records_from + BAND - 1))
    for example in finding.examples:
        if example.school is not None:
            its.learn(example.school, Possible(1, None if example.school in its.shown else BAND - 1))
    return its


def _shares(document: QaDocument) -> Iterator[Result]:
    """Shares by school, with every size that the schools may have."""
    groups: defaultdict[str, list[dict[str, int] | None]] = defaultdict(list)
    for one in document.school_completeness:
        groups[one.group].append(dict(one.filled) if one.filled is not None else None)
    for whole in document.completeness:
        schools = groups[whole.group]
        steps = [one.get(whole.field) if one else None for one in schools]
        if whole.filled is None or whole.total is None or not any(step is not None for step in steps):
            continue
        found = narrowed(steps, whole.filled, whole.total)
        words = [f"{whole.field} of {whole.group}: the number of {len(found)} schools"] if found else []
        yield Result(document.run_id, f"shares of {whole.group}", len(steps), words)


def _of_files(night: NightFolder, document: QaDocument) -> Iterator[Result]:
    """What the report and night.json of a run say beside its qa.json."""
    if night.record.exists():
        record = json.loads(night.record.read_text(encoding="utf-8"))
        yield _of_texts(night.run_id, "sentences of night.json", [*_texts(record)])
    if night.report.exists():
        schools = {one.school for one in document.load_schools}
        schools |= {one.school for one in document.school_completeness}
        schools |= {one.school for finding in document.findings for one in finding.schools}
        page = night.report.read_text(encoding="utf-8")
        found = [f"school {school}: more than a band" for school in too_much_in_page(page, schools)]
        yield Result(night.run_id, "texts of report.html", len(schools), found)


def _of_texts(run_id: str, kind: str, texts: list[str]) -> Result:
    found = [f"school {school}: more than a band" for text in texts for school in too_much(text)]
    return Result(run_id, kind, len(texts), found)


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for one in node.values() if isinstance(node, dict) else node:
            yield from _texts(one)


def main(arguments: list[str] | None = None) -> int:
    """Audit a district's shared files, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m qa.audit", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of all districts")
    parser.add_argument("district", help="its key")
    options = parser.parse_args(arguments)
    results = audit(DistrictFolder.of(options.data, options.district))
    kinds: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        kinds[result.kind].append(result)
    lines = []
    for kind, its in kinds.items():
        numbers, found = sum(one.numbers for one in its), sum(len(one.found) for one in its)
        lines.append(f"{kind}: {numbers:,} numbers, {found} worked out")
    lines += [f"{one.run_id} {one.kind}: {words}" for one in results for words in one.found]
    runs = len({one.run_id for one in results})
    sys.stdout.write("\n".join([*lines, f"{runs} files or runs"]) + "\n")
    return 1 if any(result.found for result in results) else 0
