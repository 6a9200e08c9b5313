"""The command line. Exit codes: 0 all published, 1 a district was stopped or failed, 2 wrong use."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from district.credentials import CredentialError, consumer_secret
from district.folder import DistrictFolder
from district.private_files import keep_private
from district.settings import DistrictSettings
from district.settings_file import SettingsError, load_districts
from extract.store.raw_store import last_run_id
from night.errors import in_a_line
from night.progress import Progress

app = typer.Typer(
    name="plus360",
    help="A school district's demographics out of eSchoolPLUS: pulled, checked, handed on without harm.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
console = Console()
errors = Console(stderr=True)

WRONG_USE = 2
NOT_PUBLISHED = 1

ConfigOption = Annotated[
    Path, typer.Option("--config", envvar="PLUS360_CONFIG", help="The districts' settings.")
]
DataOption = Annotated[
    Path, typer.Option("--data", envvar="PLUS360_DATA", help="Where the districts' folders are.")
]
DistrictArgument = Annotated[str, typer.Argument(help="The district's key in the settings.")]
CONFIG = Path("districts.toml")
DATA = Path("data")


@app.command()
def night(
    districts: Annotated[list[str] | None, typer.Argument(help="Keys of districts; or --all.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every district of the settings.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Districts under way at once.")] = os.cpu_count() or 1,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Pull, build, gate, publish and report; one district's trouble stops no other."""
    known = _settings(config)
    if every == bool(districts):
        _refuse("say which districts, or --all; known are: " + ", ".join(known))
    chosen = list(known.values()) if every else [_known(known, key, config) for key in districts or []]
    _need_a_secret(chosen)
    raise typer.Exit(nights(chosen, data=data, jobs=jobs, scheduled=list(known.values())))


@app.command()
def check(
    district: DistrictArgument,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For machines, on stdout.")] = False,
    share: Annotated[
        Path | None, typer.Option(help="Write a page that can be sent to the district: no secret, no record.")
    ] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Check the district's setup against the setup guide, in ten seconds; nothing is pulled."""
    from extract.preflight.checklist import check_district  # noqa: PLC0415 - keeps `plus360 --help` quick
    from night.checklist import print_checklist, write_page  # noqa: PLC0415

    chosen = _known(_settings(config), district, config)
    _need_a_secret([chosen])
    checklist = check_district(chosen, consumer_secret(chosen.key))
    if as_json:
        print(checklist.model_dump_json(indent=2))  # noqa: T201 - rich would wrap it
    else:
        print_checklist(console, checklist)
    if share:
        try:
            write_page(checklist, share)
        except OSError:
            _refuse(f"{share} cannot be written: name a file in a folder that is there")
        errors.print(f"written, and fit to be sent: {share}", highlight=False, soft_wrap=True, markup=False)
    raise typer.Exit(NOT_PUBLISHED if checklist.of("failed") else 0)


@app.command()
def extract(district: DistrictArgument, config: ConfigOption = CONFIG, data: DataOption = DATA) -> None:
    """Pull the seven endpoints into the district's raw.duckdb."""
    from night.district_night import pull_night  # noqa: PLC0415 - dbt takes seconds to import

    chosen = _known(_settings(config), district, config)
    _need_a_secret([chosen])
    with Progress(console, [chosen.key]) as progress:
        run_id, pulls = pull_night(chosen, data=data, listen=progress.show)
    table = Table("endpoint", "answer", "rows", "said the server", "pages", "seconds", box=None)
    for pull in pulls:
        reported = "" if pull.reported_total is None else f"{pull.reported_total:,}"
        table.add_row(
            pull.endpoint, pull.state, f"{pull.rows:,}", reported, str(pull.pages), f"{pull.seconds:.1f}"
        )
    console.print(table)
    for pull in pulls:
        if pull.message:
            _line(f"{pull.endpoint}: {pull.message}")
        for step in pull.fix:
            _line(f"  {step}")
    _line(f"run {run_id}; next: plus360 build {chosen.key}")
    raise typer.Exit(0 if all(pull.state == "complete" for pull in pulls) else NOT_PUBLISHED)


@app.command()
def build(district: DistrictArgument, config: ConfigOption = CONFIG, data: DataOption = DATA) -> None:
    """Build and check the last pull, and publish it if nothing stops it."""
    from night.district_night import build_night  # noqa: PLC0415 - dbt takes seconds to import

    chosen = _known(_settings(config), district, config)
    with Progress(console, [chosen.key]) as progress:
        result = build_night(chosen, data=data, run_id=_last_run(data, chosen), listen=progress.show)
    _line(f"{result.verdict}: {result.headline}; next: plus360 report {chosen.key}")
    raise typer.Exit(0 if result.verdict == "published" else NOT_PUBLISHED)


@app.command()
def report(
    district: DistrictArgument,
    *,
    unredacted: Annotated[
        bool, typer.Option("--unredacted", help="With names and ids, for the district's own eyes.")
    ] = False,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Write the report of the last night again."""
    from qa.report.render import render_report  # noqa: PLC0415 - papermill takes a second to import

    chosen = _known(_settings(config), district, config)
    run_id = _last_run(data, chosen)
    path = render_report(data, chosen.key, run_id, "unredacted" if unredacted else "redacted")
    if unredacted:
        _line("this edition names children: it stays with the district")
    _line(str(path))


@app.command()
def export(
    district: DistrictArgument,
    *,
    to: Annotated[Path | None, typer.Option(help="A folder; else export/ of the published night.")] = None,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Write the import files of the published night again."""
    from night.export import write_export  # noqa: PLC0415 - keeps `plus360 --help` quick

    chosen = _known(_settings(config), district, config)
    folder = DistrictFolder.of(data, chosen.key)
    if not folder.warehouse.exists():
        _refuse(f"no night of {chosen.key} was published yet: run plus360 night {chosen.key}")
    target = to or folder.export.resolve()
    for name, rows in write_export(folder.warehouse, target).items():
        _line(f"{target / name}: {rows:,} rows")


@app.command()
def explore(district: DistrictArgument, config: ConfigOption = CONFIG, data: DataOption = DATA) -> None:
    """JupyterLab on the district's raw data, opened read-only."""
    from night.jupyter import open_explore  # noqa: PLC0415 - keeps `plus360 --help` quick

    chosen = _known(_settings(config), district, config)
    _last_run(data, chosen)
    raise typer.Exit(open_explore(data, chosen.key))


@app.command()
def demo(data: DataOption = Path("demo-data")) -> None:
    """Two sandbox districts and a night over them: see the reports without a district."""
    from night.demo import run_demo  # noqa: PLC0415 - the sandbox is imported for the demo only

    run_demo(console, data)


@app.command()
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
        list[str] | None, typer.Option(help="Leave an endpoint's subscription unticked: ContactPhone.")
    ] = None,
    birth_dates: Annotated[bool, typer.Option(help="Tick the Date of Birth box, or not.")] = True,
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0,
) -> None:
    """Serve a simulated district until Ctrl-C."""
    from night.demo import make_sandbox, serve_sandbox  # noqa: PLC0415 - the sandbox is for the demo only

    try:
        box = make_sandbox(
            students=students,
            seed=seed,
            records=records,
            defects=defect or [],
            without=without or [],
            birth_dates=birth_dates,
            port=port,
        )
    except ValueError as error:
        _refuse(str(error))
    serve_sandbox(console, box)


def nights(
    chosen: list[DistrictSettings], *, data: Path, jobs: int, scheduled: list[DistrictSettings]
) -> int:
    """Run the nights, show them, write the index, say the outcome; returns the exit code."""
    _line("getting ready: some seconds, once for all districts")
    from night.all_districts import run_nights  # noqa: PLC0415 - dbt takes seconds to import
    from night.index import write_index  # noqa: PLC0415

    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Progress(console, [district.key for district in chosen]) as progress, _interruptible():
        results = run_nights(chosen, data=data, jobs=jobs, listen=progress.show)
    index = write_index(data, scheduled)
    _line("")
    for district in chosen:
        result = results[district.key]
        colour = {"published": "green", "stopped": "yellow", "failed": "red"}[result.verdict]
        console.print(f"[bold]{district.key}[/]  [{colour}]{result.verdict}[/]", highlight=False)
        _line(f"  {result.headline}")
        if result.trouble:
            _line(f"  {result.trouble}")
        if result.report:
            _line(f"  report  {result.report}")
    _line(f"all districts  {index}")
    well = all(result.verdict == "published" and not result.trouble for result in results.values())
    return 0 if well else NOT_PUBLISHED


def main() -> None:
    """Entry point of the console script: whatever goes wrong is a line, for a traceback may quote data."""
    keep_private()
    try:
        app()
    except Exception as error:
        errors.print(in_a_line(error), highlight=False, soft_wrap=True, markup=False)
        raise SystemExit(NOT_PUBLISHED) from None


def _settings(config: Path) -> dict[str, DistrictSettings]:
    try:
        return load_districts(config)
    except SettingsError as error:
        _refuse(*error.lines)


def _known(known: dict[str, DistrictSettings], key: str, config: Path) -> DistrictSettings:
    if key not in known:
        _refuse(f"{key} is not a district of {config}; known are: {', '.join(known)}")
    return known[key]


def _need_a_secret(chosen: list[DistrictSettings]) -> None:
    """Refuse when no chosen district has a secret; where some have, the others fail by themselves."""
    missing = []
    for district in chosen:
        try:
            consumer_secret(district.key)
        except CredentialError as error:
            missing.append(str(error))
    if len(missing) == len(chosen):
        _refuse(*missing)


def _last_run(data: Path, district: DistrictSettings) -> str:
    run_id = last_run_id(DistrictFolder.of(data, district.key).raw)
    if run_id is None:
        _refuse(f"nothing of {district.key} was pulled yet: run plus360 night {district.key}")
    return run_id


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C and a scheduler's SIGTERM end the nights under way, and what was published stays."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        errors.print("interrupted: what was under way is not published, the last good nights stay")
        raise typer.Exit(NOT_PUBLISHED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _refuse(*lines: str) -> NoReturn:
    for line in lines:
        errors.print(line, highlight=False, soft_wrap=True, markup=False)
    raise typer.Exit(WRONG_USE)


def _line(text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True, markup=False)


if __name__ == "__main__":
    main()
