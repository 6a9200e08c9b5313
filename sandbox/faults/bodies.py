"""Servers that write their pages differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sandbox.faults.fault import Fault, SometimesFault
from sandbox.population.source import Record
from sandbox.server.messages import Call

Case = Literal["as is", "lower", "upper"]
CASES: Mapping[Case, Callable[[str], str]] = {"as is": str, "lower": str.lower, "upper": str.upper}


@dataclass(kw_only=True)
class BodyShape(Fault):
    """The array is inside an object.

    Attributes:
        under: its label; `endpoint` stands for the endpoint's name.
        case: of the label.
    """

    under: Literal["data", "records", "endpoint"] = "data"
    case: Case = "as is"

    def array_label(self, call: Call) -> str | None:
        """See `Fault`."""
        return CASES[self.case](call.endpoint if self.under == "endpoint" else self.under)


@dataclass(kw_only=True)
class ByteOrderMark(Fault):
    """Bodies begin with a UTF-8 byte order mark."""

    def body(self, call: Call, body: bytes) -> bytes:
        """See `Fault`."""
        return b"\xef\xbb\xbf" + body


@dataclass(kw_only=True)
class Windows1252(SometimesFault):
    """Bodies are in the Windows code page for Western Europe instead of UTF-8."""

    def body(self, call: Call, body: bytes) -> bytes:
        """See `Fault`."""
        return body.decode().encode("cp1252", errors="replace")


@dataclass(kw_only=True)
class NullPage(Fault):
    """A page without records is `null` instead of an empty array."""

    def array(self, call: Call, array: bytes) -> bytes:
        """See `Fault`."""
        return b"null" if array == b"[]" else array


def _snake(label: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", label).lower()


STYLES = {
    "PascalCase": lambda label: label[:1].upper() + label[1:],
    "snake_case": _snake,
    "UPPER_SNAKE": lambda label: _snake(label).upper(),
    "lowercase": str.lower,
}


@dataclass(kw_only=True)
class LabelStyle(Fault):
    """Labels are written in another style."""

    style: Literal["PascalCase", "snake_case", "UPPER_SNAKE", "lowercase"]

    def __post_init__(self) -> None:
        """Request a call for every record."""
        self.rewrites_records = True

    def record(self, call: Call, record: Record) -> Record:
        """See `Fault`."""
        restyle = STYLES[self.style]
        return {restyle(label): value for label, value in record.items()}


@dataclass(kw_only=True)
class LabelNames(Fault):
    """Labels have other names, such as `{"birthdate": "dateOfBirth"}`."""

    names: Mapping[str, str]

    def __post_init__(self) -> None:
        """Request a call for every record."""
        self.rewrites_records = True

    def record(self, call: Call, record: Record) -> Record:
        """See `Fault`."""
        return {self.names.get(label, label): value for label, value in record.items()}


@dataclass(kw_only=True)
class NestedValues(Fault):
    """Every record has one more label, with objects and arrays in it."""

    label: str = "extensions"

    def __post_init__(self) -> None:
        """Request a call for every record."""
        self.rewrites_records = True

    def record(self, call: Call, record: Record) -> Record:
        """See `Fault`."""
        nested = {"codes": ["a", 1, None, {"deep": [True, 1.5]}], "note": 'ünï, "quoted"'}
        return record | {self.label: nested}


@dataclass(kw_only=True)
class SensitiveLabels(Fault):
    """Records have labels that must never be stored.

    Attributes:
        labels: their spellings.
        value: the value of each, a text that a search can find.
    """

    labels: Sequence[str] = (
        "ssn", "SSN", "Social_Security_Number", "webPassword", "WEB_PASSWORD", "loginId", "login_id",
        "lockerCombination", "LOCKER_COMBINATION", "ssnLast4", "socSecNo", "networkPassword", "userpwd",
        "lockerCombo", "userLogin", "pin", "medicaidId", "CONTACT_KEY", "ONBOARD_TOKEN",
    )  # fmt: skip
    value: str = "CANARY-900-00-0000"

    def __post_init__(self) -> None:
        """Request a call for every record."""
        self.rewrites_records = True

    def record(self, call: Call, record: Record) -> Record:
        """See `Fault`."""
        return record | dict.fromkeys(self.labels, self.value)


@dataclass(kw_only=True)
class _OddRecord(Fault):
    """One record of an endpoint is written differently.

    Attributes:
        at: its index.
    """

    at: int = 0

    def lines(self, call: Call, lines: list[bytes]) -> list[bytes]:
        """See `Fault`."""
        place = self.at - call.offset
        if not 0 <= place < len(lines):
            return lines
        return [*lines[:place], self._odd(lines[place]), *lines[place + 1 :]]

    def _odd(self, line: bytes) -> bytes:
        raise NotImplementedError


@dataclass(kw_only=True)
class OddValue(_OddRecord):
    """One record has one more label, with a value that is written as it stands, whether it is JSON or not.

    Attributes:
        value: text, or the bytes themselves.
        times: the value stands so often in a row.
        closing: what follows it, as often.
    """

    label: str = "note"
    value: str | bytes = "NaN"
    times: int = 1
    closing: str = ""

    def _odd(self, line: bytes) -> bytes:
        value = self.value if isinstance(self.value, bytes) else self.value.encode()
        written = value * self.times + self.closing.encode() * self.times
        return line.removesuffix(b"}") + b', "%s": %s}' % (self.label.encode(), written)


@dataclass(kw_only=True)
class DuplicateLabel(_OddRecord):
    """One record has one of its labels once more, before the first, with another value."""

    label: str = "studentId"
    value: str = "dup"

    def _odd(self, line: bytes) -> bytes:
        return b'{"%s": "%s", ' % (self.label.encode(), self.value.encode()) + line.removeprefix(b"{")


@dataclass(kw_only=True)
class ManyLabels(_OddRecord):
    """One record has `labels` more labels; or, if `each`, every record has so many that no other one has."""

    labels: int = 1_000_000
    each: bool = False

    def lines(self, call: Call, lines: list[bytes]) -> list[bytes]:
        """See `Fault`."""
        if not self.each:
            return super().lines(call, lines)
        return [self._with_labels(line, call.offset + place) for place, line in enumerate(lines)]

    def _odd(self, line: bytes) -> bytes:
        return self._with_labels(line, self.at)

    def _with_labels(self, line: bytes, place: int) -> bytes:
        more = b"".join(b', "x%dy%d": 1' % (place, number) for number in range(self.labels))
        return line.removesuffix(b"}") + more + b"}"


@dataclass(kw_only=True)
class EmptyRecords(Fault):
    """The first page holds this many empty records, whatever the limit."""

    records: int = 10_000_000

    def array(self, call: Call, array: bytes) -> bytes:
        """See `Fault`."""
        return b"[{}" + b",{}" * (self.records - 1) + b"]" if call.offset == 0 else array
