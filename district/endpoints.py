"""The seven endpoints, as data. To add one: an entry here, its labels in dbt_project, its staging model."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

# What is shared counts no fewer people than this (qa/redaction/suppression.py has the whole rule).
SMALLEST_COUNT = 10


def is_few(people: int) -> bool:
    """Whether a number of people is too small to be shown. Zero is not: no one is in it."""
    return 0 < people < SMALLEST_COUNT


@dataclass(frozen=True)
class Endpoint:
    """One endpoint of the PLUS 360 API.

    Attributes:
        name: as in the address and in `raw.<name>`, such as "StudentContact".
        mart: the mart that holds its records.
        keys: the labels that together identify one record [schema].
        numbered_by: labels that number the records of one key, where a district sends them [schema]: records
            that differ in one of them are not duplicates.
        required: fields (of seeds/field_labels.csv) besides the keys that the import can't do without; the
            birth date is not among them, since it has a checkbox of its own.
        is_personal: whether its records are about people.
        may_be_empty: not every district has records of it.
        has_own_labels: its labels are defined by the district, so none is unknown.
        is_imported: whether the import is made of its records.
    """

    name: str
    mart: str
    keys: tuple[str, ...]
    numbered_by: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    is_personal: bool = True
    may_be_empty: bool = False
    has_own_labels: bool = False
    is_imported: bool = True

    @property
    def subscription(self) -> str:
        """The line to check in the API Profile, as the setup guide writes it [guide]."""
        return f"Get eSchoolPLUS/{self.name} (v1)"

    @property
    def list_names(self) -> tuple[str, str]:
        """What servers call a list of its records: "ContactAddress", "contactAddresses"."""
        plural = self.name[:2].lower() if self.name.startswith("UD") else self.name[0].lower()
        plural += self.name[len(plural) :] + ("es" if self.name.endswith("s") else "s")
        return self.name, plural


# In the order of the setup guide.
ENDPOINTS = (
    Endpoint(
        "School",
        "schools",
        ("building",),
        required=frozenset({"name", "state_school_id"}),
        is_personal=False,
    ),
    Endpoint("Contact", "contacts", ("contactId",)),
    Endpoint("ContactAddress", "contact_addresses", ("contactId",)),
    Endpoint("ContactPhone", "contact_phones", ("contactId", "phoneType")),
    Endpoint("StudentContact", "student_contacts", ("studentId", "contactId", "contactType")),
    Endpoint(
        "Student",
        "students",
        ("studentId",),
        required=frozenset({"first_name", "last_name", "gender", "status_code", "school_id"}),
    ),
    Endpoint(
        "UDRegUser",
        "ud_fields",
        ("studentId",),
        numbered_by=("screenNumber", "fieldNumber", "listSequence"),
        may_be_empty=True,
        has_own_labels=True,
        is_imported=False,
    ),
)

BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
BY_MART = {endpoint.mart: endpoint for endpoint in ENDPOINTS}

# What belongs to the records of a mart: two new links tell of a new contact.
_BELONG_TO: dict[str, frozenset[str]] = {
    "students": frozenset(endpoint.mart for endpoint in ENDPOINTS if endpoint.is_personal),
    "contacts": frozenset({"student_contacts", "contact_addresses", "contact_phones"}),
}


def with_what_belongs_to(few: AbstractSet[str]) -> frozenset[str]:
    """Marts with few people in them, and those that would tell of the same people."""
    return frozenset(few).union(*(its for mart, its in _BELONG_TO.items() if mart in few))
