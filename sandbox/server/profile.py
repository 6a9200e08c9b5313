"""The API Profile that a district's administrator sets up, as data."""

from __future__ import annotations

from dataclasses import dataclass

from district import endpoints

# Names of the seven endpoints, in the order of the setup guide.
ENDPOINTS = tuple(endpoint.name for endpoint in endpoints.ENDPOINTS)


@dataclass(frozen=True)
class Profile:
    """One API Profile. By default, every checkbox of the setup guide is checked.

    Attributes:
        active: if cleared, the reply to every request is 401.
        include_preregistered: if cleared, students of status P are not served, nor their links and fields.
        include_out_of_district: if cleared, out-of-district buildings and their students are not served.
        subscriptions: names of the endpoints that are checked; the reply for others is 403.
        date_of_birth: if cleared, no Student record has the label `birthdate`.
    """

    active: bool = True
    include_preregistered: bool = True
    include_out_of_district: bool = True
    subscriptions: tuple[str, ...] = ENDPOINTS
    date_of_birth: bool = True

    def __post_init__(self) -> None:
        """Reject unknown endpoints: a typo would look like a cleared checkbox."""
        _require_known(self.subscriptions)

    @staticmethod
    def without(*endpoints: str, date_of_birth: bool = True) -> Profile:
        """A profile without these subscriptions, and perhaps without Date of Birth."""
        _require_known(endpoints)
        subscriptions = tuple(name for name in ENDPOINTS if name not in endpoints)
        return Profile(subscriptions=subscriptions, date_of_birth=date_of_birth)


def _require_known(names: tuple[str, ...]) -> None:
    if unknown := set(names) - set(ENDPOINTS):
        raise ValueError(f"no such endpoint: {', '.join(sorted(unknown))}")
