"""Which label fills which field: dbt_project's seed, with a district's own additions."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from district.checkout import FIELD_LABELS
from district.settings import DistrictSettings


@dataclass(frozen=True)
class FieldLabels:
    """The labels of one endpoint.

    Attributes:
        fields: the field that a label fills, by the label's matching name.
        expected: the API's own label of each field that a district is expected to have.
    """

    fields: dict[str, str]
    expected: dict[str, str]

    def field(self, label: str) -> str | None:
        """The field that a label fills, in whatever case and with or without underscores."""
        return self.fields.get(matching_name(label))


@cache
def known_labels() -> tuple[dict[str, str], ...]:
    """The rows of seeds/field_labels.csv, as dictionaries: endpoint, field, label, is_optional."""
    with FIELD_LABELS.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def read_field_labels(district: DistrictSettings, endpoint: str) -> FieldLabels:
    """The labels of an endpoint, as dbt_project maps them for this district."""
    return field_labels(
        endpoint,
        {
            label: name.partition(".")[2]
            for name, labels in district.label_synonyms.items()
            if name.partition(".")[0] == endpoint
            for label in labels
        },
    )


def field_labels(endpoint: str, own: Mapping[str, str]) -> FieldLabels:
    """The labels of an endpoint, with a district's own, each with the field that it fills."""
    rows = [row for row in known_labels() if row["endpoint"] == endpoint]
    fields = {matching_name(row["label"]): row["field"] for row in rows}
    fields |= {matching_name(label): field for label, field in own.items()}
    expected: dict[str, str] = {}
    for row in rows:
        if row["is_optional"] != "true":
            expected.setdefault(row["field"], row["label"])  # a field's first line holds the API's own label
    return FieldLabels(fields, expected)


def is_plain_label(label: str) -> bool:
    """Whether a label looks like one; anything may stand in an odd one."""
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9_ -]{0,59}", label) is not None


def matching_name(label: str) -> str:
    """A label without regard to case and underscores, as dbt_project compares it."""
    return label.replace("_", "").lower()
