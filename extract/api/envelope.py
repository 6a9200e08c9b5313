"""Finds the records where they are inside an object: `{"students": [{...}, ...], "total": 962}`.

The only array of objects is the records, whatever its label: OneRoster's own style is the plural, and a
district can choose any. An object with several is refused, because nothing says which one is the records.
"""

from collections import Counter
from collections.abc import Sequence

from district.endpoints import BY_NAME
from extract.api.json_text import Array, members
from extract.errors import EndpointError
from extract.outcomes import LIST_NAMES, NO_RECORDS_IN_ANSWER, SEVERAL_LISTS, plain_name

_ANY_ENDPOINT = {"data", "records"}
_TOTALS = {"total", "totalcount", "totalrecords", "xtotalcount"}
# Arrays under these are never the records: an answer that only says what went wrong has no records.
_MESSAGES = {"error", "errors", "warning", "warnings", "messages", "statusinfo", "statusinfoset"}
# Where the other pages are: beside the records in many APIs, and read by nothing here.
_LINKS = {"links"}

Member = tuple[str, object, int, int]


def enveloped(content: bytes, endpoint: str) -> tuple[int, int, int | None]:
    """Where the array of records starts and ends in an object, and the total beside it.

    Both places are the same where the object says that there are no records.

    Args:
        content: an object of JSON, in UTF-8.
        endpoint: the endpoint's name: an array under it, or its plural, is the records even if it is empty.

    Raises:
        ValueError: it is not an object of JSON.
        RecursionError: it is nested too deeply.
        ValueTooLargeError: something in it is larger than any record.
        EndpointError: no array in it, or more than one, may be the records.
    """
    found = list(members(content))
    total = next((whole_number(value) for label, value, *_ in found if plain_name(label) in _TOTALS), None)
    lists = [member for member in found if _is_list_of_records(member, endpoint)]
    if len(lists) > 1:
        raise _several([label for label, *_ in lists])
    if not lists:
        if any(_is_empty(member, endpoint) for member in found):
            return 0, 0, total
        raise EndpointError(NO_RECORDS_IN_ANSWER, status=200)
    label, value, start, end = lists[0]
    if plain_name(label) in _MESSAGES or not isinstance(value, Array) or value.objects < value.elements:
        raise EndpointError(NO_RECORDS_IN_ANSWER, status=200)
    return (start, end, total) if value.elements else (0, 0, total)


def whole_number(value: object) -> int | None:
    """A total as servers write it: a number, or a text of digits; None for anything else."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _is_list_of_records(member: Member, endpoint: str) -> bool:
    """Whether it is an array of objects, or an array under a label that promises one."""
    label, value, *_ = member
    name = plain_name(label)
    if not isinstance(value, Array) or name in _LINKS:
        return False
    return name in _names_of(endpoint) or value.objects > 0


def _is_empty(member: Member, endpoint: str) -> bool:
    """Whether it says that there are no records: an array without elements, or null under a known label."""
    label, value, *_ = member
    name = plain_name(label)
    if value is None:
        return name in _names_of(endpoint)
    return isinstance(value, Array) and not value.elements and name not in _MESSAGES | _LINKS


def _names_of(endpoint: str) -> set[str]:
    return _ANY_ENDPOINT | {plain_name(name) for name in BY_NAME[endpoint].list_names}


def _several(labels: Sequence[str]) -> EndpointError:
    """Names the labels that are words of ours; the server chose the others, so they are only counted."""
    names = Counter(plain_name(label) for label in labels)
    called = {fact: names[name] for name, fact in LIST_NAMES.items() if name in names}
    return EndpointError(SEVERAL_LISTS, status=200, lists=len(labels), **called)
