"""What a load would have done: it was discarded."""

from __future__ import annotations

import re

_WOULD = re.compile(r"\bwould (\w+)")
# What follows "would have"; the other verbs take a d.
_PAST = {
    "give": "given",
    "end": "ended",
    "overwrite": "overwritten",
    "keep": "kept",
    "add": "added",
    "empty": "emptied",
    "be": "been",
}


def as_past(text: str) -> str:
    """A sentence that says what a load would do, once it is decided that it will not."""
    return _WOULD.sub(lambda found: f"would have {_PAST.get(found[1], found[1] + 'd')}", text)
