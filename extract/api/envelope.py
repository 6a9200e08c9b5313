"""Finds the records where they are inside an object: `{"students": [{...}, ...], "total": 962}`.

The only array of objects is the records, whatever its label: OneRoster's own style is the plural, and a
district can choose any. An object with several is refused, because nothing says which one is the records.
"""

from collections import Counter
from collections.abc import Sequence

from district.endpoints import BY_NAME
from extract.api.json_text import members
from extract.errors import EndpointError
from extract.outcomes import LIST_NAMES, NO_RECORDS_IN_ANSWER, SEVERAL_LISTS, plain_name

_ANY_ENDPOINT = {"data", "records"}
_TOTALS = {"total", "totalcount", "totalrecords", "xtotalcount"}
# Arrays under these are never the records: an answer that only says what went wrong has no records.
_MESSAGES = {"error", "errors", "warning", "warnings", "messages", "statusinfo", "statusinfoset"}
# Where the other pages are: beside the records in many APIs, and read by nothing here.
_LINKS = {"links"}

Member = tuple[str, object, int, int]


def enveloped(text: str, endpoint: str) -> tuple[bytes, list[object], int | None]:
    """The array of records in an object as it was received, as a list, and the total beside it.

    Args:
        text: an object of JSON.
        endpoint: the endpoint's name: an array under it, or its plural, is the records even if it is empty.

    Raises:
        ValueError: it is not an object of JSON.
        IndexError: it is cut off.
        EndpointError: no array in it, or more than one, may be the records.
    """
    found = members(text)
    total = next((whole_number(value) for label, value, *_ in found if plain_name(label) in _TOTALS), None)
    lists = [member for member in found if _is_list_of_records(member, endpoint)]
    if len(lists) > 1:
        raise _several([label for label, *_ in lists])
    if not lists:
        if any(_is_empty(member, endpoint) for member in found):
            return b"[]", [], total
        raise EndpointError(NO_RECORDS_IN_ANSWER, status=200)
    label, records, start, end = lists[0]
    if plain_name(label) in _MESSAGES or not isinstance(records, list):
        raise EndpointError(NO_RECORDS_IN_ANSWER, status=200)
    if not all(isinstance(record, dict) for record in records):
        raise EndpointError(NO_RECORDS_IN_ANSWER, status=200)
    return text[start:end].encode(), records, total


def whole_number(value: object) -> int | None:
    """A total as servers write it: a number, or a text of digits; None for anything else."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _is_list_of_records(member: Member, endpoint: str) -> bool:
    """Whether it is an array of objects, or an array under a label that promises one."""
    label, value, *_ = member
    name = plain_name(label)
    if not isinstance(value, list) or name in _LINKS:
        return False
    return name in _names_of(endpoint) or any(isinstance(element, dict) for element in value)


def _is_empty(member: Member, endpoint: str) -> bool:
    """Whether it says that there are no records: an array without elements, or null under a known label."""
    label, value, *_ = member
    name = plain_name(label)
    if value is None:
        return name in _names_of(endpoint)
    return value == [] and name not in _MESSAGES | _LINKS


def _names_of(endpoint: str) -> set[str]:
    return _ANY_ENDPOINT | {plain_name(name) for name in BY_NAME[endpoint].list_names}


def _several(labels: Sequence[str]) -> EndpointError:
    """Names the labels that are words of ours; the server chose the others, so they are only counted."""
    names = Counter(plain_name(label) for label in labels)
    called = {fact: names[name] for name, fact in LIST_NAMES.items() if name in names}
    return EndpointError(SEVERAL_LISTS, status=200, lists=len(labels), **called)
