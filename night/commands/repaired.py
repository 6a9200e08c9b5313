"""What the commands that read or decide on runs begin with: the district's lock, and the repairs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from district.folder import DistrictFolder
from district.settings import DistrictSettings
from night.commands.options import known_district
from night.commands.running import write_index_or_say
from night.decisions.errors import RefusedError
from night.lock import Command, locked
from night.terminal.console import logged_line, refuse


@contextmanager
def repaired(
    command: Command, known: dict[str, DistrictSettings], key: str, config: Path, data: Path
) -> Iterator[DistrictFolder]:
    """A district's folder, locked and repaired; what was decided is on the index page afterwards."""
    from qa.verdict.document_file import DocumentError  # noqa: PLC0415 - keeps `plus360 --help` quick

    folder = DistrictFolder.of(data, known_district(known, key, config).key).make()
    try:
        with locked(folder, command):
            say_repairs(folder)
            yield folder
    except (RefusedError, DocumentError) as error:
        refuse(str(error))
    finally:  # what a killed command left may have been repaired, too
        write_index_or_say(data, list(known.values()))


def say_repairs(folder: DistrictFolder) -> None:
    """Repair what a killed run or command left, and say so; the district's lock must be held."""
    from night.publication.repair import repair  # noqa: PLC0415 - keeps `plus360 --help` quick

    for words in repair(folder):
        logged_line(f"repaired: {words}", folder.key)
