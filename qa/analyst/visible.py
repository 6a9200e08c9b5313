"""Text as received, safe to show: on a terminal, in a table and on a page."""

from __future__ import annotations

import unicodedata

# A longer value is cut: a terminal or a page with a megabyte in a cell can't be read.
MOST_OF_A_VALUE = 300
# Of a record as received, and of a value in a table that is searched and filtered.
MOST_OF_A_RECORD = 20_000
_CUT = "… (cut: {length:,} characters in all)"
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def visible(text: object, *, with_line_ends: bool = False) -> str:
    """A text with the codes of characters that can't be seen, turn its direction, or steer a terminal."""
    whole = str(text)
    if whole.isprintable():  # nearly every value, and a hundred times as fast
        return whole
    kept = "\n" if with_line_ends else ""
    return "".join(
        f"⟨U+{ord(one):04X}⟩" if unicodedata.category(one) in _INVISIBLE and one not in kept else one
        for one in whole
    )


def cut(text: object, most: int = MOST_OF_A_VALUE, *, with_line_ends: bool = False) -> str:
    """A text with everything visible; a very long one is cut, and says how long it is."""
    whole = str(text)
    rest = _CUT.format(length=len(whole)) if len(whole) > most else ""
    return visible(whole[:most], with_line_ends=with_line_ends) + rest
