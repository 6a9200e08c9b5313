"""Districts after nightly runs that several modules begin with: run once, and copied by each."""

from __future__ import annotations

import json
from pathlib import Path

from sandbox import Sandbox, Source, folder, generated
from tests.night.conftest import Operator
from tests.night.losing_guardians import DISTRICT, night
from tests.shared_between_workers import SharedFolders, copy_of

_OPERATOR = "operator.json"


def after_a_night(shared: SharedFolders, place: Path, *, students: int, seed: int) -> Operator:
    """A district that was published once; its server is gone."""

    def make(kept: Path) -> None:
        _published(Operator(kept), DISTRICT, generated(students=students, seed=seed))

    return _copied(shared.folder("after-a-night", students, seed, make=make), place)


def after_a_night_of_the_sample(shared: SharedFolders, place: Path, records: Path, key: str) -> Operator:
    """The public sample district, published once; its server is gone."""

    def make(kept: Path) -> None:
        _published(Operator(kept), key, folder(records))

    return _copied(shared.folder("after-a-night-of-the-sample", key, make=make), place)


def after_a_good_night(shared: SharedFolders, place: Path) -> Operator:
    """A district whose guardians are all there yet (tests.night.losing_guardians), published once."""
    return _copied(_good(shared), place)


def with_a_held_night(shared: SharedFolders, place: Path) -> Operator:
    """The same, and a second run that is held: 44 of 295 guardians would be deleted."""

    def make(kept: Path) -> None:
        operator = _copied(_good(shared), kept)
        done = night(operator, "lost", lost="0123")
        assert done.returncode == 3, done.stdout + done.stderr
        assert "oak-hill  held" in done.stdout
        assert "held\n  this load would delete 44 of 295 guardians" in done.stdout
        assert f'plus360 release {DISTRICT} --reason "..." or plus360 discard {DISTRICT}' in done.stdout
        _keep(operator)

    return _copied(shared.folder("with-a-held-night", make=make), place)


def _good(shared: SharedFolders) -> Path:
    def make(kept: Path) -> None:
        operator = Operator(kept)
        done = night(operator, "good")
        assert done.returncode == 0, done.stdout + done.stderr
        _keep(operator)

    return shared.folder("after-a-good-night", make=make)


def _published(operator: Operator, key: str, source: Source) -> None:
    with Sandbox(source) as box:
        operator.knows(key, box)
        done = operator.plus360("night", key)
    assert done.returncode == 0, done.stdout + done.stderr
    _keep(operator)


def _keep(operator: Operator) -> None:
    known = {"environment": operator.environment, "tables": operator.tables}
    (operator.folder / _OPERATOR).write_text(json.dumps(known), encoding="utf-8")


def _copied(kept: Path, place: Path) -> Operator:
    copy_of(kept, place)
    return Operator(place, **json.loads((place / _OPERATOR).read_text(encoding="utf-8")))
