"""The lines of districts.toml that tell plus360 which labels fill which fields."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping

from district.settings.secrets_in_file import secrets_in
from extract.preflight.field_labels import known_labels, matching_name
from qa.analyst.errors import DataError, choose, choose_endpoint
from qa.analyst.labels.received import received_labels
from qa.analyst.labels.unmapped import unmapped
from qa.analyst.reader import Reader

_NOTHING = '# No guess is likely. Name the fields: d.synonyms({"Student": {"dob2": "birth_date"}})\n'


class Block(str):
    """Text to paste: a notebook shows its lines as they are."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def synonyms(reader: Reader, mapping: Mapping[str, Mapping[str, str]] | None = None) -> Block:
    """The table of a district's settings that maps labels to fields.

    Args:
        reader: the run's files.
        mapping: by endpoint, the field of each label: {"Student": {"dob2": "birth_date"}}; without it, the
            likely guesses of `unmapped`; a comment where there are none.

    Raises:
        DataError: there is no such endpoint or field.
    """
    if mapping is not None and not isinstance(mapping, Mapping):
        raise DataError('The mapping is a dictionary, such as {"Student": {"dob2": "birth_date"}}.')
    if mapping is None:
        found = unmapped(reader)
        likely = found[found["is_likely"]]
        if likely.empty:
            return Block(_NOTHING)
        chosen = list(zip(likely["endpoint"], likely["field"], likely["label"], strict=True))
    else:
        chosen = [
            (choose_endpoint(endpoint).name, _field(choose_endpoint(endpoint).name, field), label)
            for endpoint, fields in mapping.items()
            for label, field in fields.items()
        ]
        _tell_unsent(reader, chosen)
    return block(reader.folder.key, chosen)


def block(district: str, chosen: Iterable[tuple[str, str, str]]) -> Block:
    """The table of a district's settings, of endpoints, fields and the labels that fill them."""
    labels: dict[str, list[str]] = {}
    for endpoint, field, label in chosen:
        labels.setdefault(f"{endpoint}.{field}", []).append(label)
    lines = [f'"{name}" = [{", ".join(map(_quoted, its))}]' for name, its in labels.items()]
    return Block("\n".join([f"[districts.{district}.label_synonyms]", *lines, ""]))


def _tell_unsent(reader: Reader, chosen: Iterable[tuple[str, str, str]]) -> None:
    """Say which labels the run did not receive: they may be typing errors."""
    with reader.open() as con:
        sent = {
            endpoint: set(
                map(
                    matching_name,
                    received_labels(con, endpoint, reader.run_id, is_built=reader.is_built),
                )
            )
            for endpoint in {endpoint for endpoint, _, _ in chosen}
        }
    for endpoint, _, label in chosen:
        if matching_name(label) not in sent[endpoint]:
            sys.stdout.write(f"{endpoint} did not send a label {label!r} in this run: check the spelling.\n")


def _field(endpoint: str, field: str) -> str:
    fields = dict.fromkeys(row["field"] for row in known_labels() if row["endpoint"] == endpoint)
    return choose(field, fields, f"field of {endpoint}")


def _quoted(label: str) -> str:
    """A label as a basic string of TOML, which has the escapes of JSON, and one more that must be.

    The settings refuse what looks like a secret, as a long label with digits may. Labels are compared without
    underscores: one in front makes it another text, and the same label.
    """
    looks_like_a_secret = any(secrets_in("district", {"label_synonyms": {"": [label]}}))
    text = "_" + label if looks_like_a_secret else label
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
