"""Which field a label of this district fills: the seed's words, and those that the district added."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from extract.preflight.field_labels import FieldLabels, field_labels, matching_name

_MAPPED = "select label, field from stg_plus360__labels where endpoint = $endpoint and field is not null"


def read_mapping(con: duckdb.DuckDBPyConnection, endpoint: str) -> FieldLabels:
    """The fields of an endpoint's labels.

    A synonym of the district's settings is known from the run that was built last: a label that this run did
    not receive counts as unmapped.

    Args:
        con: as `Reader.open` gives it, with or without a warehouse.
        endpoint: its name.
    """
    try:
        own = dict(con.execute(_MAPPED, {"endpoint": endpoint}).fetchall())
    except duckdb.CatalogException:  # no run was built yet
        own = {}
    return field_labels(endpoint, own)


def by_field(mapping: FieldLabels, labels: Iterable[str]) -> dict[str, list[str]]:
    """The labels that fill each field, the one that counts first; an unmapped label by its own name."""
    preference = {name: number for number, name in enumerate(mapping.fields)}
    groups: dict[str, list[str]] = {}
    for label in sorted(labels, key=lambda label: (preference.get(matching_name(label), 0), label)):
        groups.setdefault(mapping.field(label) or label, []).append(label)
    return groups
