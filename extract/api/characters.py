"""Characters that can't be read: each is replaced by U+FFFD and counted, so that its record can be landed.

DuckDB refuses a whole file for one byte that is not UTF-8, and no program expects a NUL in a name.
"""

import codecs
import re

# A pair of surrogates is a character; a NUL, or one surrogate of a pair, is none.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_SLICE = 2**20
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()


def as_utf8(content: bytes) -> tuple[bytes, int]:
    """The text with each byte that is not UTF-8 replaced, and how many were."""
    if content.isascii():
        return content, 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    slices = (content[at : at + _SLICE] for at in range(0, len(content), _SLICE))
    pieces = [decoder.decode(one).encode() for one in slices]
    pieces.append(decoder.decode(b"", final=True).encode())
    replaced = b"".join(pieces)
    if replaced == content:
        return content, 0
    return replaced, replaced.count(_REPLACEMENT) - content.count(_REPLACEMENT)


def without_impossible_escapes(content: bytes) -> tuple[bytes, int]:
    """The text with each escape that is no character (NUL, half a pair) replaced, and how many were."""
    if b"\\u" not in content:
        return content, 0
    count = 0

    def replace(escape: re.Match[bytes]) -> bytes:
        nonlocal count
        if escape[1] is None:
            return escape[0]
        count += 1
        return rb"\ufffd"

    replaced = _ESCAPE.sub(replace, content)
    return (replaced, count) if count else (content, 0)
