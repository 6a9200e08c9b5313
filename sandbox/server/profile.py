"""What a district's administrator ticks in the API Profile, as data."""

from __future__ import annotations

from dataclasses import dataclass

ENDPOINTS = ("School", "Contact", "ContactAddress", "ContactPhone", "StudentContact", "Student", "UDRegUser")


@dataclass(frozen=True)
class Profile:
    """One API Profile; the defaults are the set-up guide's boxes, all ticked.

    Attributes:
        active: unticked, every request is answered with 401.
        include_preregistered: unticked, students of status P are not served, nor their links and fields.
        include_out_of_district: unticked, out-of-district buildings and their students are not served.
        subscriptions: names of the endpoints ticked; the others are answered with 403.
        date_of_birth: unticked, no Student record has the label `birthdate`.
    """

    active: bool = True
    include_preregistered: bool = True
    include_out_of_district: bool = True
    subscriptions: tuple[str, ...] = ENDPOINTS
    date_of_birth: bool = True

    def __post_init__(self) -> None:
        """Refuse a name that is no endpoint: a typing error would pass for an unticked box."""
        if unknown := set(self.subscriptions) - set(ENDPOINTS):
            raise ValueError(f"no such endpoint: {', '.join(sorted(unknown))}")

    @staticmethod
    def without(*endpoints: str, date_of_birth: bool = True) -> Profile:
        """A profile with every box ticked but the subscriptions named, and perhaps Date of Birth."""
        if unknown := set(endpoints) - set(ENDPOINTS):
            raise ValueError(f"no such endpoint: {', '.join(sorted(unknown))}")
        ticked = tuple(name for name in ENDPOINTS if name not in endpoints)
        return Profile(subscriptions=ticked, date_of_birth=date_of_birth)
