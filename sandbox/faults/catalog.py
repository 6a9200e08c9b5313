"""How a server can misbehave: named switches with parameters, each a few hooks into an answer.

`FAULTS` holds them by name. To add one, write a `Fault` in the module of its kind and name it in the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from sandbox.faults import bodies as body_faults
from sandbox.faults import paging as paging_faults
from sandbox.faults import refusals as refusal_faults
from sandbox.faults import wire as wire_faults
from sandbox.faults.fault import Fault

FAULTS: Mapping[str, type[Fault]] = {
    # which rows come
    "ignores_limit": paging_faults.IgnoresLimit,
    "ignores_offset": paging_faults.IgnoresOffset,
    "repeats_page": paging_faults.RepeatsPage,
    "rows_come": paging_faults.RowsCome,
    "rows_go": paging_faults.RowsGo,
    "total_drifts": paging_faults.TotalDrifts,
    "false_total": paging_faults.FalseTotal,
    # what is in a body
    "body_shape": body_faults.BodyShape,
    "byte_order_mark": body_faults.ByteOrderMark,
    "windows_1252": body_faults.Windows1252,
    "null_page": body_faults.NullPage,
    "label_style": body_faults.LabelStyle,
    "label_names": body_faults.LabelNames,
    "nested_values": body_faults.NestedValues,
    "sensitive_labels": body_faults.SensitiveLabels,
    # how it goes over the wire
    "server_errors": wire_faults.ServerErrors,
    "throttles": wire_faults.Throttles,
    "resets": wire_faults.Resets,
    "half_bodies": wire_faults.HalfBodies,
    "broken_gzip": wire_faults.BrokenGzip,
    "gzip_members": wire_faults.GzipMembers,
    "slow_bytes": wire_faults.SlowBytes,
    "certificate": wire_faults.Certificate,
    # what it says instead
    "clock_off": refusal_faults.ClockOff,
    "unauthorized": refusal_faults.Unauthorized,
    "not_found": refusal_faults.NotFound,
    "html_page": refusal_faults.HtmlPage,
    "redirects": refusal_faults.Redirects,
}


def make_faults(named: Mapping[str, Mapping[str, Any]], seed: int) -> list[Fault]:
    """The faults named, each with its parameters and a chance of its own.

    Raises:
        ValueError: there is no such fault, or it has no such parameter.
    """
    faults = []
    for name, parameters in named.items():
        if name not in FAULTS:
            raise ValueError(f"no such fault: {name}; there are {', '.join(FAULTS)}")
        fault = FAULTS[name](**parameters)
        fault.random = Random(f"{seed} {name}")  # noqa: S311 - nothing secret is drawn
        faults.append(fault)
    return faults
