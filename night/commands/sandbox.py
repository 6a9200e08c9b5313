"""The simulated district: a demo over two of them, and one to serve by hand."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from district.credentials import secret_variable
from district.network.proxy import NO_PROXY_AT_ALL
from district.private_files import make_private_folder
from district.run_id import run_id_at
from district.settings import DistrictSettings
from district.settings.file import load_fleet
from district.settings.fleet import Fleet
from night.commands import decisions
from night.commands.running import GETTING_READY, run_and_show
from night.terminal.console import line, refuse
from night.terminal.voice import Voice

if TYPE_CHECKING:
    from sandbox.demo_days import ChangingSource

REASON = "The school entered guardians as contacts by mistake"
# In the demo's folder: what has it may be emptied.
MARKER = "made-by-plus360-demo"


def demo(
    # Not $PLUS360_DATA: the folder is emptied first, and that one holds real districts.
    data: Annotated[Path, typer.Option("--data", help="A folder for the demo alone.")] = Path("demo-data"),
) -> None:
    """Run two sandbox districts, one of them on three days: see the reports without a district.

    One run is meant to be held and one to be stopped: that is what the demo shows, so it is no failure of it.
    """
    from night.fleet.choice import Choice  # noqa: PLC0415 - keeps `plus360 --help` quick
    from sandbox.demo_districts import DISTRICTS  # noqa: PLC0415 - only the demo imports the sandbox

    if data.exists() and not (data / MARKER).exists():
        refuse(f"{data} exists and was not made by the demo: name a folder that does not exist yet")
    shutil.rmtree(data, ignore_errors=True)
    make_private_folder(data)
    (data / MARKER).touch()
    settings = data / "districts.toml"
    with ExitStack() as running:
        tables, sources = [], {}
        for key, district in DISTRICTS.items():
            sources[key] = district.days()
            box = running.enter_context(district.sandbox(sources[key]))
            # A copy, so that the commands that ask nothing of the sandbox work after it has ended.
            authority = data / f"{key}-ca.pem"
            shutil.copyfile(box.ca_bundle, authority)
            tables.append(
                box.settings_table(key, district.name, ca_bundle=authority.resolve(), proxy=NO_PROXY_AT_ALL)
            )
            os.environ[secret_variable(key)] = box.consumer_secret
            line(f"sandbox district {key} answers at {box.base_url}")
        settings.write_text("\n".join(tables), encoding="utf-8")
        fleet = load_fleet(settings)
        chosen = list(fleet.districts.values())
        _show_days_before(chosen[0], sources[chosen[0].key], settings, data)
        line("\nToday")
        run_and_show(Choice(chosen), fleet, data=data, jobs=os.cpu_count() or 1, voice=Voice())
    line(
        "Open these files in a browser. To continue with the same data: "
        f".venv/bin/plus360 explore {chosen[0].key} --config {settings} --data {data}"
    )


def _show_days_before(district: DistrictSettings, source: ChangingSource, settings: Path, data: Path) -> None:
    """Two days ago: a good run. Yesterday: a held one, which a person looks into and discards."""
    from night.fleet.choice import Choice  # noqa: PLC0415 - keeps `plus360 --help` quick

    today = datetime.now(UTC)
    line(f"\n{GETTING_READY}")
    for title, days_ago in (("Two days ago", 2), ("Yesterday", 1)):
        line(f"\n{title}")
        run_id = run_id_at(today - timedelta(days=days_ago))
        run_and_show(
            Choice([district]),
            Fleet(districts={district.key: district}),
            data=data,
            jobs=1,
            voice=Voice(),
            run_id=run_id,
            with_report=False,
        )
        source.day += 1
    line(f'\nA person decides: plus360 discard {district.key} --reason "{REASON}"')
    decisions.discard(district.key, reason=REASON, config=settings, data=data)


def sandbox(
    *,
    students: Annotated[int, typer.Option(min=1, max=1_000_000, help="Size of the population.")] = 600,
    seed: Annotated[int, typer.Option(help="The same seed gives the same district.")] = 1,
    records: Annotated[
        Path | None,
        typer.Option("--from", exists=True, file_okay=False, help="Serve a folder of NDJSON files instead."),
    ] = None,
    defect: Annotated[
        list[str] | None,
        typer.Option(help="Plant a defect: a check's id and how many, students__gender__accepted=3."),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Clear the checkbox of an endpoint's subscription: ContactPhone.")
    ] = None,
    birth_dates: Annotated[bool, typer.Option(help="Whether the Date of Birth checkbox is checked.")] = True,
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0,
) -> None:
    """Serve a simulated district until Ctrl-C."""
    from sandbox import Profile, Sandbox, folder, generated  # noqa: PLC0415 - only the demo imports the sandbox

    try:
        source = (
            folder(records)
            if records
            else generated(students=students, seed=seed, defects=_planted(defect or []))
        )
        profile = Profile.without(*(without or []), date_of_birth=birth_dates)
        district = Sandbox(source, profile, port=port)
    except ValueError as error:
        refuse(str(error))
    with district as box:
        line("# districts.toml")
        line(box.settings_table(proxy=NO_PROXY_AT_ALL))
        line(f"export {secret_variable('sandbox')}={box.consumer_secret}")
        line("Press Ctrl-C to stop.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            line("stopped")


def _planted(defects: list[str]) -> dict[str, float]:
    """How often each defect is planted, out of words such as "contacts__email__valid=3".

    Raises:
        ValueError: a defect is unknown, or has no number.
    """
    from sandbox.defects.catalog import DEFECTS, SCHOOL_DEFECTS  # noqa: PLC0415 - only the demo imports the sandbox

    known = {*DEFECTS, *SCHOOL_DEFECTS}
    planted: dict[str, float] = {}
    for defect in defects:
        name, _, number = defect.partition("=")
        if name not in known or not number.isdigit():
            raise ValueError(
                f"{defect} is not a defect with a number, such as contacts__email__valid=3. The defects: "
                + ", ".join(sorted(known))
            )
        planted[name] = int(number)
    return planted
