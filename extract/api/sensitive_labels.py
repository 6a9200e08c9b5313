"""Labels that no one should store: removed from a page before anything of it touches the disk.

A label is compared by its words, in any spelling: `ssnLast4`, `SSN_LAST_4` and `ssn-last-4` are the words
ssn and last. Labels without word boundaries (`networkpassword`) match where that is unambiguous.

Only a label that matches is removed, with its value: every other byte stays. Each label is judged once: a
page that has only labels which were judged before is not searched (see `ordinary_pages`).
"""

import re
from functools import lru_cache
from itertools import pairwise

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


def is_sensitive(label: str) -> bool:
    """Whether a label, in any spelling, is one that no one should store."""
    words = [word.lower() for word in _WORD.findall(label)]
    if any(map(_is_sensitive_word, words)) or not PHRASES.isdisjoint(pairwise(words)):
        return True
    letters = "".join(words)
    return letters.startswith(AT_START) or any(part in letters for part in ANYWHERE)


def has_sensitive(value: object) -> bool:
    """Whether a value that was read from JSON has a sensitive label, at any depth."""
    if isinstance(value, dict):
        return any(_is_sensitive(label) for label in value) or any(
            has_sensitive(inner) for inner in value.values() if isinstance(inner, dict | list)
        )
    return isinstance(value, list) and any(map(has_sensitive, value))


def without_sensitive(record: bytes) -> tuple[bytes, set[str]]:
    """Removes sensitive labels and their values from JSON text, at any depth.

    Returns:
        The JSON, otherwise byte for byte as it was, and the labels that were removed, as they were spelled.
    """
    kept, removed = without_members(record.decode(), is_sensitive)
    return kept.encode(), {label[:60] for label in removed}


def _is_sensitive_word(word: str) -> bool:
    known = word in WORDS or word.removesuffix("s") in WORDS
    return known or word.startswith(AT_START) or word.endswith(AT_END)


_is_sensitive = lru_cache(maxsize=10_000)(is_sensitive)
