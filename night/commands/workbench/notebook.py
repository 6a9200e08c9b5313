"""Run a notebook for a district."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from district.checkout import NOTEBOOKS
from district.credentials import CredentialError, consumer_secret, notify_secret, sftp_password
from district.folder import DistrictFolder, NightFolder
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    choose_district,
    last_pulled_night,
)
from night.machine.start_again import is_started_again, start_again_without_secrets
from night.terminal.console import RETRY, error_line, line, refuse


def notebook(
    name: Annotated[str, typer.Argument(help="The notebook, such as district_qa.")],
    district: DistrictArgument,
    *,
    given: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A parameter that it declares."),
    ] = None,
    notebooks: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="A folder with notebooks of your own.")
    ] = NOTEBOOKS,
    night: Annotated[str | None, typer.Option(help="A run; the latest one that has results if none.")] = None,
    timeout: Annotated[float, typer.Option(min=0.01, help="Minutes that it may take.")] = 30,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Run a notebook for a district, into the district's private folder."""
    from night.notebooks.library import (  # noqa: PLC0415 - so that --help stays quick
        NotebookError,
        declared,
        find_notebook,
        refuse_secrets,
        typed,
    )
    from night.notebooks.run import run_notebook  # noqa: PLC0415

    chosen = choose_district(district, config)
    last = last_pulled_night(data, chosen)
    run = _run(last, night)
    try:
        path = find_notebook(name, notebooks)
        parameters = declared(path)
        values = typed(given or [], parameters, path.name)
        if not is_started_again():
            refuse_secrets(values, _secrets_of(chosen.key))
    except NotebookError as error:
        refuse(str(error))
    ours = {"district": chosen.key, "run_id": run.run_id}
    if taken := [f"{one}: {option}" for one, option in _OURS.items() if one in values]:
        refuse(f"-p does not take {', '.join(taken)}")
    start_again_without_secrets()
    known = {one.name for one in parameters}
    values |= {one: value for one, value in ours.items() if one in known}
    to = run.district.private / f"{path.stem}-{run.run_id}.ipynb"
    ran = run_notebook(path, to, values, run.district, limit=timedelta(minutes=timeout))
    if ran.trouble is None:
        line(str(ran.path))
        return
    error_line(f"{path.name}: {ran.trouble}" + (f". See {ran.path}" if ran.path else ""))
    raise typer.Exit(RETRY)


# Parameters that have an option, or an argument, of their own.
_OURS = {"district": "it is the second argument", "run_id": "use --night"}


def _run(last: NightFolder, wanted: str | None) -> NightFolder:
    """The run that is asked for, else the latest one that has results, else the last pull."""
    folder: DistrictFolder = last.district
    if wanted is None:
        judged = [night for night in folder.all_nights() if night.qa_json.exists()]
        return judged[-1] if judged else last
    from extract.store.raw_store import read_store  # noqa: PLC0415

    with read_store(folder.raw) as store:
        runs = [
            run for (run,) in store.execute("select distinct run_id from plus360.pulls order by 1").fetchall()
        ]
    if wanted not in runs:
        refuse(f"there is no run {wanted} of {folder.key}. There are {', '.join(runs)}")
    return folder.night(wanted)


def _secrets_of(key: str) -> list[str]:
    """Every secret that is known here."""
    found = []
    for look in (partial(consumer_secret, key), partial(sftp_password, key), notify_secret):
        try:
            secret = look()
        except CredentialError:
            continue
        if secret:
            found.append(secret.get_secret_value())
    return found
