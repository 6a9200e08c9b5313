"""The districts of the demo: one with a few things to fix, and one that must not be loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.demo_days import ChangingSource, GuardiansAsContacts
from sandbox.population.generator import GeneratedSource, generated
from sandbox.server.profile import Profile
from sandbox.server.sandbox import Sandbox


@dataclass(frozen=True)
class DemoDistrict:
    """An invented district, with what is wrong in its records.

    Attributes:
        abc: its code in the URL and in the consumer key.
        defects: as in `generated`.
        earlier_defects: what was wrong two days ago, where the demo shows that day.
    """

    name: str
    town: str
    abc: str
    students: int
    seed: int
    defects: Mapping[str, float]
    profile: Profile = field(default_factory=Profile)
    earlier_defects: Mapping[str, float] | None = None

    def source(self) -> GeneratedSource:
        """The district's records, today's."""
        return self._generated(self.defects)

    def days(self) -> ChangingSource:
        """Its records of three days: a good one, one on which guardians became contacts, and today."""
        if self.earlier_defects is None:
            return ChangingSource([self.source()])
        earlier = self._generated(self.earlier_defects)
        return ChangingSource([earlier, GuardiansAsContacts(earlier), self.source()])

    def sandbox(self, days: ChangingSource) -> Sandbox:
        """A server for the district, not started."""
        return Sandbox(days, self.profile, abc=self.abc)

    def _generated(self, defects: Mapping[str, float]) -> GeneratedSource:
        return generated(self.students, self.seed, town=self.town, defects=defects)


DISTRICTS: Mapping[str, DemoDistrict] = {
    "maple-grove": DemoDistrict(
        name="Maple Grove School District",
        town="Maple Grove",
        abc="mgsd",
        students=700,
        seed=11,
        defects={
            "students__birth_date__required": 1,
            "students__gender__accepted": 2,
            "students__state_student_id__required": 5,
            "students__guardian_phone__required": 3,
            "students__twins__suspected": 1,
            "contacts__email__valid": 6,
            "contacts__person__duplicated": 8,
            "student_contacts__relation__required": 4,
            "student_contacts__priority__plausible": 6,
            "student_contacts__contact_id__exists": 1,
            "contact_addresses__street__required": 3,
            "contact_addresses__postal_code__valid": 4,
            "contact_phones__phone_number__valid": 7,
        },
        # What was fixed since, and what is new.
        earlier_defects={
            "students__birth_date__required": 1,
            "students__gender__accepted": 2,
            "students__state_student_id__required": 9,
            "students__guardian_phone__required": 3,
            "students__twins__suspected": 1,
            "contacts__email__valid": 11,
            "contacts__last_name__required": 2,
            "contacts__person__duplicated": 8,
            "student_contacts__relation__required": 4,
            "student_contacts__priority__plausible": 6,
            "student_contacts__contact_id__exists": 1,
            "contact_addresses__street__required": 3,
            "contact_phones__phone_number__valid": 7,
        },
    ),
    # Two checkboxes of the API Profile are cleared: no phones and no birth dates are sent.
    "cedar-falls": DemoDistrict(
        name="Cedar Falls Local Schools",
        town="Cedar Falls",
        abc="cfls",
        students=800,
        seed=23,
        profile=Profile.without("ContactPhone", date_of_birth=False),
        defects={
            "schools__state_school_id__required": 1,
            "students__student_id__unique": 2,
            "students__last_name__required": 1,
            "students__enrollment_status__accepted": 4,
            "students__school_id__exists": 3,
            "students__guardian__required": 9,
            "students__physical_address__required": 6,
            "students__state_student_id__shared": 2,
            "contacts__email__valid": 5,
            "contacts__person__duplicated": 15,
            "student_contacts__link__unique": 3,
            "student_contacts__priority__plausible": 4,
            "contact_addresses__city__required": 4,
            "contact_addresses__state__accepted": 3,
            "lost_contact": 6,
            "lost_student": 2,
        },
    ),
}
