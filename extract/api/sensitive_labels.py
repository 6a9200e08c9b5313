"""Labels that no one should store: removed from a page before anything of it touches the disk.

A label is compared by its words, in any spelling: `ssnLast4`, `SSN_LAST_4` and `ssn-last-4` are the words
ssn and last. Labels without word boundaries (`networkpassword`) match where that is unambiguous.

Most pages have no such label, so a page is first searched for any label that has the letters of one. Only
then are its labels compared word by word, and only a label that matches is removed with its value: every
other byte stays.
"""

import json
import re
from functools import lru_cache
from itertools import pairwise

from pydantic_core import SchemaValidator, core_schema

from extract.api.json_text import without_members

# A word of a label that makes it sensitive.
WORDS = frozenset(
    [
        "ssn", "pin", "pw", "pwd", "pswd", "credential",
        "passwd", "password", "passcode", "passphrase", "login", "logon",
        "username", "secret", "token", "combo", "combination", "medicaid",
    ]
)  # fmt: skip
# Two words in a row that do. `pass` alone is also a hall pass, a bus pass, or pass/fail.
PHRASES = frozenset(
    [
        ("social", "security"), ("social", "sec"), ("soc", "security"), ("soc", "sec"),
        ("ss", "number"), ("ss", "num"), ("ss", "no"), ("tax", "id"),
        ("pass", "word"), ("pass", "code"), ("pass", "phrase"),
        ("user", "pass"), ("web", "pass"), ("network", "pass"), ("login", "pass"),
        ("log", "in"), ("log", "on"), ("user", "name"),
        ("security", "question"), ("security", "answer"),
        ("contact", "key"), ("access", "key"), ("api", "key"), ("private", "key"),
    ]
)  # fmt: skip
# In labels without word boundaries. The letters stand anywhere in it; at its start; at its end.
ANYWHERE = (
    "password", "passwd", "passcode", "passphrase", "socialsec", "socsec", "lockercomb", "medicaid",
    "loginid", "loginname", "userlogin", "username", "pincode", "pinnumber", "ssnlast", "contactkey",
    "ssnnum", "ssnno", "ssnnbr", "taxid", "apikey", "accesskey", "privatekey", "userpass", "webpass",
    "networkpass", "loginpass", "webpwd", "userpwd", "logonid", "logonname", "pinno", "pinnbr", "pinnum",
    "tokenid", "tokenvalue", "secretanswer", "securityquestion", "securityanswer", "lockercode",
)  # fmt: skip
AT_START = ("ssn", "pwd")
AT_END = ("ssn", "pwd", "login", "token", "secret", "combo", "userpin", "lunchpin", "studentpin")

# Lowercase after uppercase ends a word, and so do digits and everything else that is not a letter.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LABEL = re.compile(rb'"((?:[^"\\]|\\.)*)"[ \t\r\n]*:', re.DOTALL)


def is_sensitive(label: str) -> bool:
    """Whether a label, in any spelling, is one that no one should store."""
    words = [word.lower() for word in _WORD.findall(label)]
    if any(map(_is_sensitive_word, words)) or not PHRASES.isdisjoint(pairwise(words)):
        return True
    letters = "".join(words)
    return letters.startswith(AT_START) or any(part in letters for part in ANYWHERE)


def strip_sensitive(content: bytes) -> tuple[bytes, frozenset[str]]:
    """Removes sensitive labels and their values from JSON text, at any depth.

    Args:
        content: JSON in UTF-8.

    Returns:
        The JSON, otherwise byte for byte as it was, and the labels that were removed, as they were spelled.

    Raises:
        ValueError: a label looks sensitive, and the page is not JSON.
        RecursionError: a label looks sensitive, and the page is nested too deeply.
    """
    if not _may_have_sensitive(content) or not any(map(_is_sensitive_raw, set(_LABEL.findall(content)))):
        return content, frozenset()
    try:
        cleaned, removed = without_members(content.decode(), is_sensitive)
    except IndexError:
        raise ValueError("not JSON") from None
    return cleaned.encode(), frozenset(label[:60] for label in removed)


def _is_sensitive_word(word: str) -> bool:
    known = word in WORDS or word.removesuffix("s") in WORDS
    return known or word.startswith(AT_START) or word.endswith(AT_END)


@lru_cache(maxsize=10_000)
def _is_sensitive_raw(label: bytes) -> bool:
    """Of a label as it stands between its quotes; one that can't be read is left to the JSON reader."""
    try:
        return is_sensitive(str(json.loads(b'"' + label + b'"', strict=False)))
    except ValueError:
        return True


def _searcher(pattern: str) -> SchemaValidator:
    """Pydantic brings a regex engine that finds literals many times faster than `re`."""
    return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))


def _fragments() -> list[str]:
    """Letters that a sensitive label has in a row, whatever stands between its words."""
    every = {*WORDS, *ANYWHERE, *AT_START, *AT_END, *("".join(pair) for pair in PHRASES)}
    return sorted(one for one in every if not any(other in one for other in every - {one}))


# Both search a page of which only letters, quotes, colons and backslashes are left.
_FRAGMENT_IN_LABEL = _searcher(rf'(?:{"|".join(_fragments())})[^"]*":')
_ESCAPE_IN_LABEL = _searcher(r'\\(?:[^"\\]|\\.)*":')
_LOWER = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")
_DELETED = bytes(
    byte for byte in range(256) if byte > 127 or not (chr(byte).isalpha() or chr(byte) in '":\\')
)


def _may_have_sensitive(content: bytes) -> bool:
    r"""Whether a label has the letters of a sensitive one, or an escape that may hide them (\u0073sn)."""
    text = content.translate(_LOWER, _DELETED).decode("ascii")
    return _FRAGMENT_IN_LABEL.isinstance_python(text) or (
        "\\" in text and _ESCAPE_IN_LABEL.isinstance_python(text)
    )
