"""The pull of a nightly run: it tells how far it is, and how each endpoint answered."""

from __future__ import annotations

from pydantic import SecretStr

from district.endpoints import ENDPOINTS
from district.folder import NightFolder
from district.settings import DistrictSettings
from extract.outcomes import BY_CODE
from extract.pull import PullProgress, pull_district
from extract.store.pulls import Pull
from night.events import Steps


def pull_endpoints(
    district: DistrictSettings, secret: SecretStr, night: NightFolder, steps: Steps
) -> list[Pull]:
    """Pull the seven endpoints, as `pull_district` does, in the step at work."""
    latest: dict[str, PullProgress] = {}

    def tell(progress: PullProgress) -> None:
        latest[progress.endpoint] = progress
        totals = [seen.reported_total for seen in latest.values()]
        steps.tell(
            "moves",
            rows=sum(seen.rows for seen in latest.values()),
            expected_rows=sum(filter(None, totals)) if len(latest) == len(ENDPOINTS) else None,
        )

    pulls = pull_district(district, secret, night, tell)
    for pull in pulls:
        steps.tell(
            "endpoint",
            # Without its numbers: they may be about few people.
            f"{pull.endpoint}: {BY_CODE[pull.outcome].meaning}",
            level="info" if pull.state == "complete" else "warning",
            code=pull.outcome,
            seconds=pull.seconds,
        )
    return pulls
