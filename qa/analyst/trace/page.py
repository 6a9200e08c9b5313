"""A trace as HTML: in a notebook, and as a page of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.analyst.frames import rows_of
from qa.analyst.trace import words
from qa.analyst.visible import MOST_OF_A_RECORD, cut, visible
from qa.report.styles import NOTEBOOK_STYLE, PAGE_STYLES
from qa.report.words import short_day_of

if TYPE_CHECKING:
    from qa.analyst.trace.trace import Trace

_TEMPLATES = Path(__file__).with_name("templates")
_NOT_BUILT = "This run was not built, or its warehouse is no longer kept, so nothing is known of this."

Rows = list[dict[str, Any]]


def body_of(trace: Trace) -> str:
    """A trace in a notebook: the page's sections with its style."""
    style = f"{NOTEBOOK_STYLE}\n.report.report {{ {_css()} }}"
    return f'<style>{style}</style><div class="report trace">{_sections(trace)}</div>'


def page_of(trace: Trace) -> str:
    """A trace as a page of its own: one file without scripts, nothing to fetch."""
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            trace=trace,
            styles=(*PAGE_STYLES, _css()),
            private=words.PRIVATE,
            body=_sections(trace),
        )
    )


def _sections(trace: Trace) -> str:
    return (
        _environment()
        .get_template("body.html.j2")
        .render(
            trace=trace,
            days=words.Days(trace.nights["run_id"]),
            not_built=_NOT_BUILT,
            is_built=trace.is_built,
            guardians=trace.guardians,
            nights=rows_of(trace.nights),
            checks=rows_of(trace.checks),
            decisions=rows_of(trace.decisions),
            load=rows_of(trace.load),
            files=_by_record(rows_of(trace.file), "file"),
            fields=_by_record(rows_of(trace.fields), "endpoint"),
            raw=rows_of(trace.raw),
        )
    )


def _by_record(rows: Sequence[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Rows of one record together, with how many differ."""
    grouped: dict[tuple[object, object, object], Rows] = {}
    for row in rows:
        grouped.setdefault((row[kind], row["record"], row.get("position")), []).append(row)
    return [
        {
            kind: of,
            "title": " ".join(str(part) for part in (record, its[0].get("name")) if part),
            "rows": its,
            "changed": sum(bool(row.get("changed") or row.get("difference")) for row in its),
        }
        for (of, record, _), its in grouped.items()
    ]


def _json(payload: str) -> str:
    """A record in lines; one that can't be read as it is."""
    try:
        pairs = json.loads(payload, object_pairs_hook=_pairs)
        text = json.dumps(pairs, ensure_ascii=False, indent=2) if not isinstance(pairs, list) else payload
    except ValueError:
        text = payload
    return cut(text, MOST_OF_A_RECORD, with_line_ends=True)


def _pairs(pairs: list[tuple[str, object]]) -> object:
    """An object; None of its labels may be lost, so one with a label twice stays a text."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a label is there twice")
    return found


@cache
def _css() -> str:
    return (_TEMPLATES / "trace.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(cut=cut, visible=visible, json=_json, day=short_day_of, lower=words.lower)
    return environment
