"""Which field an unmapped label may fill, and why: by its name, and by what its values look like."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qa.analyst.labels.evidence import IDS, TELLING, WORDS, Kind, Values, kind_of, share_of
from qa.analyst.labels.similarity import similarity

# From here on a guess is likely; below the other one it is none.
LIKELY, POSSIBLE = 0.7, 0.4
# So many values at least must be of the field's kind, and so many records of it fill a field that is in use.
_FITS, _FEW = 0.9, 0.05
# A field that is nearly empty is not missing: only a name that says the same can be meant for it.
_SAME_NAME = 0.85


@dataclass(frozen=True)
class Field:
    """A field that no label fills, or hardly.

    Attributes:
        labels: those by which other districts send it.
        is_sent: whether some label is mapped to it, though nearly empty.
    """

    name: str
    labels: Sequence[str]
    is_sent: bool


@dataclass(frozen=True)
class Known:
    """What values are compared with.

    Attributes:
        ids: the ids that are known of each kind of ids.
        today: the day of the run.
    """

    ids: Mapping[Kind, Collection[str]]
    today: date


@dataclass(frozen=True)
class Guess:
    """A field that a label may fill.

    Attributes:
        confidence: from 0 to 1.
        reason: in words, for a person who decides.
        is_likely: whether it is good enough for a proposal; of one field, one label at most.
    """

    label: str
    field: str
    confidence: float
    reason: str
    is_likely: bool = False


def guesses(labels: Mapping[str, Values], fields: Collection[Field], known: Known) -> dict[str, Guess]:
    """The best guess of each unmapped label that has one.

    Args:
        labels: the unmapped labels of one endpoint, with their values.
        fields: the fields of it that are missing.
        known: what values are compared with.
    """
    missing = [kind_of(field.name) for field in fields if not field.is_sent]
    only = {kind for kind in TELLING if missing.count(kind) == 1}
    found = [
        guess
        for label, values in labels.items()
        for field in fields
        if (guess := _guess(label, values, field, only, known)) is not None
    ]
    best: dict[str, Guess] = {}
    taken: set[str] = set()
    for guess in sorted(found, key=lambda one: (-one.confidence, one.label, one.field)):
        if guess.label in best:
            continue
        is_likely = guess.confidence >= LIKELY and guess.field not in taken
        if is_likely:
            taken.add(guess.field)
        best[guess.label] = Guess(guess.label, guess.field, guess.confidence, guess.reason, is_likely)
    return best


def is_nearly_empty(filled: int, records: int) -> bool:
    """Whether so few records fill a field that another label may be the right one."""
    return filled < _FEW * records


def _guess(label: str, values: Values, field: Field, only: Collection[Kind], known: Known) -> Guess | None:
    names = {name: similarity(label, name) for name in (*field.labels, field.name)}
    nearest, by_name = max(names.items(), key=lambda one: one[1])
    if field.is_sent and by_name < _SAME_NAME:
        return None
    kind = kind_of(field.name)
    fits = share_of(kind, values, known.ids, known.today) if kind else 0.0
    can_be_judged = kind is not None and bool(values.texts) and (kind not in IDS or bool(known.ids.get(kind)))
    if can_be_judged and fits < _FITS:
        return None  # its values are something else, whatever it is called
    confidence = 0.8 * by_name
    if kind and fits >= _FITS:
        confidence += 0.2
        if kind in only:
            confidence = max(confidence, LIKELY + 0.3 * by_name)
    if confidence < POSSIBLE:
        return None
    return Guess(label, field.name, round(confidence, 2), _reason(nearest, by_name, kind, fits, values))


def _reason(nearest: str, by_name: float, kind: Kind | None, fits: float, values: Values) -> str:
    reasons = []
    if by_name == 1:
        reasons.append(f"the name means the same as {nearest}")
    elif by_name >= POSSIBLE:
        reasons.append(f"the name is like {nearest}")
    if kind and fits >= _FITS:
        share = "all" if fits == 1 else f"{fits:.0%}"
        reasons.append(f"{share} of the values are {WORDS[kind]}")
    elif not values.texts:
        reasons.append("it has no values")
    text = "; ".join(reasons)
    return text[:1].upper() + text[1:] + "."
