"""The sandbox on the command line: a demo night over two districts, and one district to serve by hand."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from extract.credentials import secret_variable
from extract.settings import load_districts
from night.cli import nights
from sandbox import Sandbox, folder, generated
from sandbox.districts import DISTRICTS


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


def serve_sandbox(console: Console, *, students: int, seed: int, records: Path | None, port: int) -> None:
    """Serve one simulated district until Ctrl-C, and say how to run a night against it."""
    source = folder(records) if records else generated(students=students, seed=seed)
    with Sandbox(source, port=port) as box:
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
