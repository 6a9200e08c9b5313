"""A small district, and pulls of it over live HTTPS."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from district.endpoints import ENDPOINTS
from district.folder import DistrictFolder
from district.run_id import new_run_id
from district.settings import DistrictSettings
from extract.api.client import RetryPolicy
from extract.pull import PullProgress, pull_district
from extract.store.pulls import Pull
from extract.store.raw_store import FILE_NAME, read_store
from sandbox import Profile, Sandbox, generated

# As patient as a night, in a hundredth of the time.
QUICK = RetryPolicy(attempts=8, base_seconds=0.005, longest_seconds=0.05, silence_seconds=5, page_seconds=20)


@dataclass
class Pulled:
    """What a pull left behind."""

    directory: Path
    run_id: str
    pulls: dict[str, Pull]
    told: list[PullProgress] = field(default_factory=list)

    def states(self) -> dict[str, str]:
        return {name: pull.state for name, pull in self.pulls.items()}

    def records(self, endpoint: str) -> list[bytes]:
        """The payloads of this run, in their order, as bytes."""
        return self.records_of(endpoint)[endpoint]

    def records_of(self, *endpoints: str) -> dict[str, list[bytes]]:
        """The same of some endpoints; the file is opened once for all, which takes longer than to read it."""
        records = {}
        with read_store(self.directory / FILE_NAME) as store:
            for endpoint in endpoints:
                found = store.execute(
                    f'select position, payload from plus360."{endpoint}" where run_id = ? order by position',
                    [self.run_id],
                ).fetchall()
                assert [position for position, _ in found] == list(range(len(found)))
                records[endpoint] = [payload.encode() for _, payload in found]
        return records


class Puller:
    """Serves the small district as told, and pulls it."""

    def __init__(self, source: Any, directory: Path) -> None:
        self.source = source
        self.directory = directory
        self.box: Sandbox | None = None

    def district(self, box: Sandbox, **settings: Any) -> DistrictSettings:
        return box.settings("small", "Small ISD", **({"page_size": 100} | settings))

    def __call__(
        self,
        settings: dict[str, Any] | None = None,
        secret: str | None = None,
        policy: RetryPolicy = QUICK,
        **options: Any,
    ) -> Pulled:
        with Sandbox(self.source, **options) as self.box:
            told: list[PullProgress] = []
            run_id = new_run_id()
            pulls = pull_district(
                self.district(self.box, **(settings or {})),
                SecretStr(secret or self.box.consumer_secret),
                DistrictFolder(self.directory).night(run_id),
                told.append,
                policy=policy,
            )
        assert [pull.endpoint for pull in pulls] == [endpoint.name for endpoint in ENDPOINTS]
        return Pulled(self.directory, run_id, {pull.endpoint: pull for pull in pulls}, told)

    def lines(self, endpoint: str) -> list[bytes]:
        """What the district has, as bytes."""
        return list(self.source.lines(endpoint, 0, 10**9, Profile()))


@pytest.fixture(scope="session")
def small_source():
    return generated(students=60, seed=7)


@pytest.fixture
def pull(small_source, tmp_path):
    return Puller(small_source, tmp_path / "small")


@pytest.fixture
def every_row_once(pull):
    """Asserts that a pull holds each record exactly once, in order, byte for byte."""

    def check(pulled: Pulled, state: str = "complete") -> None:
        landed = pulled.records_of(*pulled.pulls)
        for name, records in landed.items():
            found, sent = pulled.pulls[name], pull.lines(name)
            assert (found.state, found.message) == (state, found.message), found
            assert records == sent
            assert found.rows == len(sent)

    return check
