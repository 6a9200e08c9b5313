"""The answers of bad servers: what was done with each before, and what is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One way to answer.

    Attributes:
        name: of the row.
        before: what was done with it before issue 12.
        wanted: the outcomes that Student may have.
        faults: of the sandbox.
        settings: of the district.
    """

    name: str
    before: str
    wanted: tuple[str, ...]
    faults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


_EIGHT = {"connections": 8}
_LATER = {"at": 150, "endpoints": ["Student"]}
_COMPLETE = ("complete",)


def _value(name: str, before: str, wanted: str, value: str | bytes, **more: Any) -> Answer:  # noqa: ANN401 - any fault's
    return Answer(name, before, (wanted,), {"odd_value": {**_LATER, "value": value, **more}})


ANSWERS = (
    Answer("as it should be", "complete", _COMPLETE, settings=_EIGHT),
    Answer("10 M `{}` records, one endpoint", "1.15 GB", ("too_many_records",),
           {"empty_records": {"endpoints": ["Student"]}}),
    Answer("10 M `{}` records, all endpoints at once", "1.15 GB for each of 8", ("too_many_records",),
           {"empty_records": {}}, _EIGHT),
    Answer("all records on one page, limit ignored", "complete", _COMPLETE, {"ignores_limit": {}}),
    _value("NaN on page 2", "landed", "not_json", "NaN"),
    _value("-Infinity on page 2", "landed", "not_json", "-Infinity"),
    _value("comma after the last value, page 2", "landed", "not_json", "[1,]"),
    _value("single quotes, page 2", "cut off", "not_json", "'a'"),
    _value("comment, page 2", "cut off", "not_json", "/* a */ 1"),
    _value("a number of 10^6 digits", "landed", "record_too_large", "9", times=10**6),
    _value("a text of 20 MB", "landed", "record_too_large", '"' + "x" * 20_000_000 + '"'),
    _value("`\\u0000` in a value", "NUL in students.csv", "complete", '"a\\u0000b"'),
    _value("one surrogate of a pair", "cut off", "complete", '"\\ud800"'),
    _value("one byte that is not UTF-8", "cut off", "complete", b'"Mu\xf1oz"'),
    Answer("everything in Windows-1252", "not UTF-8", ("not_utf8",),
           {"nested_values": {}, "windows_1252": {}}),
    _value("nested 100,000 deep, page 2", "landed", "unreadable", "[", times=100_000, closing="]"),
    Answer("a label twice in one record", "the wrong student id", _COMPLETE,
           {"duplicate_label": _LATER}),
    Answer("10^6 labels in one record", "the build never ends", ("record_too_large",),
           {"many_labels": _LATER}),
    Answer("10,000 labels in one record", "the build takes minutes", ("too_many_labels",),
           {"many_labels": {**_LATER, "labels": 10_000}}),
    Answer("40 labels of its own in each record", "the build takes minutes", ("too_many_labels",),
           {"many_labels": {"labels": 40, "each": True, "endpoints": ["Student"]}}),
    *(
        Answer(f'`{{"{label}": [...]}}`', "refused", _COMPLETE, {"body_shape": {"under": label}})
        for label in ("students", "rows")
    ),
    Answer("a server error in every second answer", "complete", _COMPLETE, {"server_errors": {"every": 2}}),
    Answer("half of each body", "broken", ("connection_broken",),
           {"half_bodies": {"endpoints": ["Student"]}}),
    Answer("a total of 10^12", "contradicted", ("total_contradicted",), {"false_total": {}}),
)  # fmt: skip
