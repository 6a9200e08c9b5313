"""What holds for all districts: the table `[fleet]` of districts.toml."""

import re
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, field_validator

from district.settings.district import DistrictSettings
from district.settings.notify import NotifyAddress

# Stands in the address of a ping for the number of the shard that runs.
SHARD = "{shard}"


class FleetSettings(BaseModel):
    """`[fleet]`.

    Attributes:
        notify: where one message per run is sent when there is news (Apprise addresses).
        ping: told when a run starts and how it ended, as healthchecks.io is; `{shard}` in it becomes the
            number of the shard.
        parquet: whether the marts of published runs are written to `data/marts/` as well.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    notify: list[NotifyAddress] = []
    ping: str | None = None
    parquet: bool = False

    @field_validator("ping")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if (
            parts.scheme not in ("https", "http")
            or not parts.hostname
            or parts.username is not None
            or parts.query
            or parts.fragment
            or re.search(r"[\s{}]", url.replace(SHARD, ""))
        ):
            raise ValueError("is not a web address")
        return url.rstrip("/")


class Fleet(BaseModel):
    """All of districts.toml: what holds for all districts, and each of them by its key, in its order."""

    model_config = ConfigDict(frozen=True)

    settings: FleetSettings = FleetSettings()
    districts: dict[str, DistrictSettings]

    @property
    def enabled(self) -> list[DistrictSettings]:
        """The districts that run every night."""
        return [district for district in self.districts.values() if not district.disabled]
