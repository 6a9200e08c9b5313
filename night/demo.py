"""The sandbox on the command line: a demo night over two districts, and one district to serve by hand."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from district.credentials import secret_variable
from district.settings_file import load_districts
from night.cli import nights
from sandbox import Profile, Sandbox, folder, generated
from sandbox.defects.catalog import DEFECTS
from sandbox.demo_districts import DISTRICTS


def run_demo(console: Console, data: Path) -> None:
    """Start the sandbox districts, run a night over them into `data`, and name what to open.

    One of them is meant to be stopped: that is what the demo shows, so it is no failure of the demo.
    """
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, mode=0o700)
    settings = data / "districts.toml"
    with ExitStack() as running:
        tables = []
        for key, district in DISTRICTS.items():
            box = running.enter_context(district.sandbox())
            # A copy, so that the commands that ask nothing of the sandbox work after it has ended.
            authority = data / f"{key}-ca.pem"
            shutil.copyfile(box.ca_bundle, authority)
            tables.append(settings_table(key, district.name, box, authority))
            os.environ[secret_variable(key)] = box.consumer_secret
            console.print(
                f"sandbox district {key} answers at {box.base_url}", highlight=False, soft_wrap=True
            )
        settings.write_text("\n".join(tables), encoding="utf-8")
        chosen = list(load_districts(settings).values())
        nights(chosen, data=data, jobs=os.cpu_count() or 1, scheduled=chosen)
    console.print(
        "Open these files in a browser. To go on with the same data: "
        f".venv/bin/plus360 explore {chosen[0].key} --config {settings} --data {data}",
        highlight=False,
        soft_wrap=True,
    )


def make_sandbox(
    *,
    students: int,
    seed: int,
    records: Path | None,
    defects: list[str],
    without: list[str],
    birth_dates: bool,
    port: int,
) -> Sandbox:
    """A district to serve by hand: a folder's records, or generated ones with defects.

    Args:
        students: size of the generated population.
        seed: of the generated population.
        records: a folder of NDJSON files to serve instead.
        defects: such as "contacts__email__valid=3".
        without: endpoints whose subscription is not ticked.
        birth_dates: whether the Date of Birth box is ticked.
        port: 0 takes a free one.

    Raises:
        ValueError: a defect or endpoint is unknown, or there is no room for so many; the text says which.
    """
    planted = {}
    for defect in defects:
        name, _, number = defect.partition("=")
        if name not in DEFECTS or not number.isdigit():
            raise ValueError(f"{defect} is no defect and number; known are: {', '.join(sorted(DEFECTS))}")
        planted[name] = int(number)
    source = folder(records) if records else generated(students=students, seed=seed, defects=planted)
    return Sandbox(source, Profile.without(*without, date_of_birth=birth_dates), port=port)


def serve_sandbox(console: Console, district: Sandbox) -> None:
    """Serve one simulated district until Ctrl-C, and say how to run a night against it."""
    with district as box:
        console.print("# districts.toml", highlight=False)
        console.print(
            settings_table("sandbox", "Sandbox Schools", box, box.ca_bundle),
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
        console.print(
            f"export {secret_variable('sandbox')}={box.consumer_secret}", highlight=False, soft_wrap=True
        )
        console.print("Ctrl-C ends it.", highlight=False)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            console.print("ended", highlight=False)


def settings_table(key: str, name: str, box: Sandbox, authority: Path) -> str:
    """The lines of districts.toml that reach a sandbox."""
    return (
        f'[districts.{key}]\nname = "{name}"\nbase_url = "{box.base_url}"\n'
        f'consumer_key = "{box.consumer_key}"\nca_bundle = "{authority.resolve()}"\n'
    )
