"""The geometry of the two charts of the last 14 nights: what a template draws as SVG.

Coordinates are whole and have at most three digits: the leak scan looks at longer ones, which could be an id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.contract import Night, QaDocument
from qa.contract_types import LEVELS, Level, Verdict

_STEP, _BAR, _LEFT, _TOP, _BOTTOM = 27, 19, 40, 16, 96
_STEPS = (1, 2, 5)
# Closer than this, the marks of two files would cover each other, and so would the labels at their ends.
_MARK, _LABEL = 9, 13


@dataclass(frozen=True)
class Piece:
    """The part of a bar that stands for one level."""

    level: Level
    failed: int
    y: int
    height: int


@dataclass(frozen=True)
class NightBar:
    """One night; no pieces and no total where there was no run or nothing was evaluated."""

    day: date
    due: bool
    verdict: Verdict | None
    x: int
    total: int | None
    top: int
    pieces: list[Piece]


@dataclass(frozen=True)
class ScaleLine:
    """A line of the scale."""

    value: int
    y: int


@dataclass(frozen=True)
class FailedChart:
    """Failed checks by level, night by night, the oldest first."""

    bars: list[NightBar]
    scale: list[ScaleLine]
    levels: list[Level]


@dataclass(frozen=True)
class Point:
    """A load of one night: how many records the file had or would have had."""

    day: date
    value: int
    x: int
    y: int
    published: bool


@dataclass(frozen=True)
class Line:
    """One file's points; `segments` join published loads, unless a night between them lacks its import."""

    file: str
    points: list[Point]
    segments: list[tuple[Point, Point]]
    label_y: int


@dataclass(frozen=True)
class PublishedChart:
    """Students and guardians in the import, night by night."""

    lines: list[Line]
    scale: list[ScaleLine]
    days: list[tuple[date, int]]


def failed_chart(qa: QaDocument) -> FailedChart | None:
    """The chart of failed checks; None where no night has any numbers."""
    totals = [sum(night.failed.values()) for night in qa.nights if night.failed is not None]
    if not totals:
        return None
    scale = _scale(max(totals))
    bars = [_bar(night, _x(at), scale[-1].value) for at, night in enumerate(qa.nights)]
    seen = {piece.level for bar in bars for piece in bar.pieces}
    return FailedChart(bars, scale, [level for level in LEVELS if level in seen])


def published_chart(qa: QaDocument) -> PublishedChart | None:
    """The chart of what was published; None where no night has any numbers."""
    series = {
        file: [_now(night, file) for night in qa.nights]
        for file in ("students", "guardians")
        if any(_now(night, file) is not None for night in qa.nights)
    }
    if not series:
        return None
    scale = _scale(max(value for values in series.values() for value in values if value is not None))
    drawn = _marks_apart(
        {
            file: [_point(night, value, at, scale[-1].value) for at, (night, value) in enumerate(its)]
            for file, its in ((file, zip(qa.nights, values, strict=True)) for file, values in series.items())
        }
    )
    is_free = [night.verdict is None and not night.due for night in qa.nights]
    lines = [_line(file, points, is_free) for file, points in drawn.items()]
    return PublishedChart(
        _labels_apart(lines), scale, [(night.date, _x(at)) for at, night in enumerate(qa.nights)]
    )


def _now(night: Night, file: str) -> int | None:
    effects = night.students if file == "students" else night.guardians
    return None if effects is None else effects.now


def _bar(night: Night, x: int, top: int) -> NightBar:
    if night.failed is None:
        return NightBar(night.date, night.due, night.verdict, x, None, _BOTTOM, [])
    pieces, y = [], _BOTTOM
    for level in reversed(LEVELS):  # what is worst is on top
        failed = night.failed.get(level, 0)
        if failed:
            height = max(1, round((_BOTTOM - _TOP) * failed / top))
            y -= height
            pieces.append(Piece(level, failed, y, height))
    return NightBar(night.date, night.due, night.verdict, x, sum(night.failed.values()), y, pieces)


def _point(night: Night, value: int | None, at: int, top: int) -> Point | None:
    if value is None:
        return None
    return Point(night.date, value, _x(at) + _BAR // 2, _y(value, top), night.verdict == "published")


def _marks_apart(drawn: dict[str, list[Point | None]]) -> dict[str, list[Point | None]]:
    """The points of each file, side by side in a night in which they would cover each other."""
    if len(drawn) < 2:
        return drawn
    (left, ones), (right, others) = drawn.items()
    is_close = [
        one is not None and other is not None and abs(one.y - other.y) < _MARK
        for one, other in zip(ones, others, strict=True)
    ]
    return {left: _moved(ones, is_close, -_MARK // 2), right: _moved(others, is_close, _MARK // 2)}


def _moved(points: list[Point | None], which: list[bool], by: int) -> list[Point | None]:
    return [
        replace(point, x=point.x + by) if point and moves else point
        for point, moves in zip(points, which, strict=True)
    ]


def _line(file: str, points: Sequence[Point | None], is_free: Sequence[bool]) -> Line:
    shown = [point for point in points if point]
    segments: list[tuple[Point, Point]] = []
    last = None
    for point, free in zip(points, is_free, strict=True):
        if point is None:
            last = last if free else None
        elif point.published:
            segments += [(last, point)] if last else []
            last = point
    return Line(file, shown, segments, shown[-1].y + 4)


def _labels_apart(lines: list[Line]) -> list[Line]:
    """The lines, their labels not on top of each other."""
    if len(lines) < 2 or abs(lines[0].label_y - lines[1].label_y) >= _LABEL:
        return lines
    low, high = sorted(lines, key=lambda line: -line.label_y)
    low = replace(low, label_y=min(low.label_y + _LABEL // 2, _BOTTOM + 4))
    high = replace(high, label_y=low.label_y - _LABEL)
    return [low if line.file == low.file else high for line in lines]


def _x(at: int) -> int:
    return _LEFT + _STEP * at


def _y(value: int, top: int) -> int:
    return round(_BOTTOM - (_BOTTOM - _TOP) * value / top)


def _scale(largest: int) -> list[ScaleLine]:
    """Zero, the middle and the end of a scale that holds the largest value."""
    size = 1
    while True:
        for step in _STEPS:
            half = step * size
            if largest <= 2 * half:
                return [ScaleLine(value, _y(value, 2 * half)) for value in (0, half, 2 * half)]
        size *= 10
