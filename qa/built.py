"""What dbt built in a run: the checks' results and failures, the load, the rows of each mart."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace

from district.endpoints import ENDPOINTS
from district.folder import NightFolder
from qa.check_results import CheckResult, Failure, Refusal, open_results
from qa.failing.schools import FailingBySchool
from qa.load.effects import LoadRows
from qa.load.refusals import refusals_of_carried
from qa.profile.rows import Profiles
from qa.warehouse import WarehouseError

_MARTS = (
    *(endpoint.mart for endpoint in ENDPOINTS),
    "quarantined_records",
    "import_students",
    "import_guardians",
    "import_rejects",
    "import_carried",
)


@dataclass(frozen=True)
class Built:
    """What dbt built in a run; without its warehouse, the checks by name only, none of them evaluated.

    Attributes:
        refused: students whom the import refuses because of their school, by the check that it fails.
    """

    is_of_this_run: bool
    results: list[CheckResult]
    counts: dict[str, int]
    failures: dict[str, list[Failure]]
    failing: FailingBySchool
    profiles: Profiles
    refusals: list[Refusal]
    load: LoadRows | None
    refused: dict[str, int] = field(default_factory=dict)


def read_built(night: NightFolder) -> Built:
    """Read a run's warehouse; where it has none, the names of the checks from the published one."""
    with open_results(night) as warehouse:
        if warehouse is not None and warehouse.run_id() == night.run_id:
            results = warehouse.results()
            failed = [result.check_id for result in results if result.state == "failed"]
            load = warehouse.load()
            return Built(
                True,
                results,
                warehouse.counts(_MARTS),
                warehouse.examples(failed),
                FailingBySchool(warehouse.failures_by_school(failed), warehouse.schools_with_students()),
                warehouse.profiles(),
                [*warehouse.refusals(), *refusals_of_carried(load.carried if load else [])],
                load,
                warehouse.refused_through_schools(),
            )
    known: list[CheckResult] = []
    with suppress(WarehouseError), open_results(night.district.published) as warehouse:
        known = warehouse.results() if warehouse is not None else []
    unknown = [
        replace(result, state="not_evaluated", failed=0, total=0, without_records=False) for result in known
    ]
    return Built(False, unknown, {}, {}, FailingBySchool(), Profiles(), [], None)
