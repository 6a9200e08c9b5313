"""The seven endpoints, as data. To add one: a line here, its labels in dbt_project, its staging model."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """One endpoint of the PLUS 360 API.

    Attributes:
        name: as in the address and in `raw.<name>`, such as "StudentContact".
        mart: the mart that holds its records.
        keys: the labels that together name one record [schema].
    """

    name: str
    mart: str
    keys: tuple[str, ...]

    @property
    def subscription(self) -> str:
        """The line to check in the API Profile, as the set-up guide writes it [guide]."""
        return f"Get eSchoolPLUS/{self.name} (v1)"


# In the order of the set-up guide.
ENDPOINTS = (
    Endpoint("School", "schools", ("building",)),
    Endpoint("Contact", "contacts", ("contactId",)),
    Endpoint("ContactAddress", "contact_addresses", ("contactId",)),
    Endpoint("ContactPhone", "contact_phones", ("contactId", "phoneType")),
    Endpoint("StudentContact", "student_contacts", ("studentId", "contactId", "contactType")),
    Endpoint("Student", "students", ("studentId",)),
    Endpoint("UDRegUser", "ud_fields", ("studentId",)),
)

BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
