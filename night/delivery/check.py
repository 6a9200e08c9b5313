"""The delivery in the setup checklist: whether the next import would get through."""

from __future__ import annotations

import time

from district.settings import DistrictSettings
from extract.outcomes import OPERATOR
from extract.preflight.checklist import Checklist, ChecklistItem
from night.delivery.attempt import attempt_login
from night.fleet.secrets import find_password
from qa.delivery.outcomes import DELIVERED

TITLE = "Delivery"
WORKS = "the server has the host key of the settings, the login works, and the folder is there"


def with_delivery(checklist: Checklist, district: DistrictSettings) -> Checklist:
    """The checklist with an item for the delivery, where the settings have one.

    Connects to the receiving server, logs in and looks into the folder; nothing is written there.
    """
    if district.delivery is None:
        return checklist
    started = time.monotonic()
    attempt = attempt_login(district.key, district.delivery, find_password(district))
    outcome = attempt.outcome
    works = outcome is DELIVERED
    item = ChecklistItem(
        id="delivery",
        title=TITLE,
        state="ok" if works else "failed",
        seen=WORKS if works else outcome.meaning,
        owner=None if works else OPERATOR,
        fix=[] if works else [text for text in (outcome.fix, attempt.addition) if text],
        transient=outcome.transient,
    )
    seconds = round(checklist.seconds + time.monotonic() - started, 2)
    return checklist.model_copy(update={"seconds": seconds, "results": [*checklist.results, item]})
