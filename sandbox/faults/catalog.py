"""The faults by name. To add one, write a `Fault` in the module of its kind and add a line here."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from sandbox.faults import answers, bodies, paging, refusals, wire
from sandbox.faults.fault import Fault

FAULTS: Mapping[str, type[Fault]] = {
    # which rows are sent
    "ignores_limit": paging.IgnoresLimit,
    "ignores_offset": paging.IgnoresOffset,
    "repeats_page": paging.RepeatsPage,
    "rows_come": paging.RowsCome,
    "rows_go": paging.RowsGo,
    "unstable_order": paging.UnstableOrder,
    "duplicate_records": paging.DuplicateRecords,
    "total_drifts": paging.TotalDrifts,
    "false_total": paging.FalseTotal,
    # how they are written
    "body_shape": bodies.BodyShape,
    "byte_order_mark": bodies.ByteOrderMark,
    "windows_1252": bodies.Windows1252,
    "null_page": bodies.NullPage,
    "label_style": bodies.LabelStyle,
    "label_names": bodies.LabelNames,
    "nested_values": bodies.NestedValues,
    "sensitive_labels": bodies.SensitiveLabels,
    "odd_value": bodies.OddValue,
    "duplicate_label": bodies.DuplicateLabel,
    "many_labels": bodies.ManyLabels,
    "empty_records": bodies.EmptyRecords,
    # errors and broken connections
    "server_errors": wire.ServerErrors,
    "throttles": wire.Throttles,
    "resets": wire.Resets,
    "answers_twice": wire.AnswersTwice,
    "half_bodies": wire.HalfBodies,
    "broken_gzip": wire.BrokenGzip,
    "gzip_members": wire.GzipMembers,
    "slow_bytes": wire.SlowBytes,
    "certificate": wire.Certificate,
    "raw_answer": answers.RawAnswer,
    # something else than records
    "clock_off": refusals.ClockOff,
    "unauthorized": refusals.Unauthorized,
    "not_found": refusals.NotFound,
    "html_page": refusals.HtmlPage,
    "redirects": refusals.Redirects,
    "server_words": refusals.ServerWords,
}


def make_faults(named: Mapping[str, Mapping[str, Any]], seed: int) -> list[Fault]:
    """The faults with these names and parameters, each with its own random numbers.

    Raises:
        ValueError: there is no fault with this name.
    """
    faults = []
    for name, parameters in named.items():
        if name not in FAULTS:
            raise ValueError(f"no such fault: {name}; the faults are {', '.join(FAULTS)}")
        fault = FAULTS[name](**parameters)
        fault.random = Random(f"{seed} {name}")  # noqa: S311 - nothing secret is drawn
        faults.append(fault)
    return faults
