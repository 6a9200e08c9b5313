"""What every command that runs districts does: run them, show how they ended, write the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from district.data_folder import DataFolder
from district.private_files import make_private_folder
from district.settings import DistrictSettings
from district.settings.fleet import Fleet
from night.commands.options import find_secrets
from night.fleet.secrets import find_password
from night.fleet.summary import DistrictSummary, Summary, exit_code_of
from night.machine.interruption import Interruption
from night.machine.reserve import keep_reserve, with_reserve
from night.machine.troubles import MachineError, allow_open_files
from night.terminal.console import RETRY, error_line, in_a_line, refuse
from night.terminal.voice import Voice

if TYPE_CHECKING:
    from night.fleet.choice import Choice
    from night.record import NightResult

GETTING_READY = "getting ready (once for all districts, a few seconds)"
# So many districts that do not run are named.
_MOST_NAMED = 8
_INDEX_NOT_WRITTEN = "the index was not written: it shows earlier runs"


def run_and_show(
    choice: Choice,
    fleet: Fleet,
    *,
    data: Path,
    jobs: int,
    voice: Voice,
    run_id: str | None = None,
    with_report: bool = True,
    cluster: str | None = None,
) -> Summary:
    """Run the districts' nightly runs, write the index, tell the news, and show how they ended.

    `run_id` and `with_report` are those of `run_night`; `cluster` is the address of a Dask scheduler, whose
    workers look up the secrets themselves.
    """
    secrets = {} if cluster else find_secrets(choice.chosen)
    make_private_folder(data)
    keep_reserve(DataFolder(data))
    _say_who_runs(
        choice,
        "on the cluster" if cluster else f"{min(jobs, len(choice.chosen))} at a time",
        voice,
    )
    if run_id is None and choice.chosen and not cluster:
        voice.say(GETTING_READY)
    from night.fleet.all_districts import run_nights  # noqa: PLC0415 - keeps `plus360 --help` quick
    from night.news.notification import tell_news  # noqa: PLC0415

    with Interruption() as interruption:
        results: dict[str, NightResult] = {}
        if trouble := _trouble():
            error_line(trouble)
            results = _none_began(choice.chosen, trouble)
        elif cluster and choice.chosen:
            results = _on_cluster(cluster, choice, fleet, data, voice=voice, interruption=interruption)
        elif choice.chosen:
            with voice.listener(len(choice.chosen)) as listen:
                results = run_nights(
                    choice.chosen,
                    secrets,
                    data=data,
                    jobs=jobs,
                    listen=listen,
                    run_id=run_id,
                    with_report=with_report,
                    interruption=interruption,
                    parquet=fleet.settings.parquet,
                    passwords={district.key: find_password(district) for district in choice.chosen},
                )
        if interruption.count:
            error_line("interrupted: nothing more is published, and what was published stays")
        index = write_index_or_say(data, list(fleet.districts.values()), results)
        tried = {key: result for key, result in results.items() if result.tried}
        for fault in tell_news(fleet, data, tried):
            error_line(fault)
    told = [*choice.finished, *results.values()]
    voice.results(told)
    if index:
        voice.say(f"all districts  {index}")
    return Summary(
        exit_code_of(told) if index else RETRY,
        [DistrictSummary.of(results[district.key]) for district in choice.chosen],
        not_due=[district.key for district in choice.not_due],
        finished=[DistrictSummary.of(result) for result in choice.finished],
        at_work=[district.key for district in choice.at_work],
        errors=[] if index else [_INDEX_NOT_WRITTEN],
    )


def _on_cluster(
    address: str, choice: Choice, fleet: Fleet, data: Path, *, voice: Voice, interruption: Interruption
) -> dict[str, NightResult]:
    """Run the districts on a cluster; refuses the command where that can't be used."""
    from night.fleet.cluster import ClusterError, run_on_cluster  # noqa: PLC0415 - an extra

    try:
        with voice.listener(len(choice.chosen)) as listen:
            return run_on_cluster(
                address,
                choice.chosen,
                data=data,
                listen=listen,
                interruption=interruption,
                parquet=fleet.settings.parquet,
            )
    except ClusterError as error:
        refuse(str(error))


def _say_who_runs(choice: Choice, how_many: str, voice: Voice) -> None:
    """Which districts run, and which do not, and why not."""
    if choice.not_due:
        voice.say(f"not due tonight: {_named([district.key for district in choice.not_due])}")
    if choice.finished:
        voice.say(f"finished already: {_named([result.district for result in choice.finished])}")
    if choice.at_work:
        voice.say(f"at work in another command: {_named([district.key for district in choice.at_work])}")
    if not choice.chosen:
        voice.say("no district to run")
    elif len(choice.chosen) > 1:
        voice.say(f"{len(choice.chosen)} districts, {how_many}")


def _named(keys: Sequence[str]) -> str:
    more = len(keys) - _MOST_NAMED
    return ", ".join(keys) if more <= 1 else f"{', '.join(keys[:_MOST_NAMED])} and {more} more"


def _trouble() -> str | None:
    """What the machine lacks, so that no run can begin."""
    try:
        allow_open_files()
    except MachineError as error:
        return str(error)
    return None


def _none_began(chosen: Sequence[DistrictSettings], words: str) -> dict[str, NightResult]:
    """The results that say why no run began, where no run can say it."""
    from night.record import NightResult  # noqa: PLC0415 - keeps `plus360 --help` quick

    return {district.key: NightResult(district.key, "failed", words, recorded=False) for district in chosen}


def write_index_or_say(
    data: Path, scheduled: Sequence[DistrictSettings], results: Mapping[str, NightResult] | None = None
) -> Path | None:
    """Write the index; None where that fails, which is said: the old one tells of earlier runs.

    Args:
        data: the folder of all districts.
        scheduled: the configured ones.
        results: of the runs that have just ended, by the district's key.
    """
    from night.pages.index import write_index  # noqa: PLC0415 - keeps `plus360 --help` quick

    unrecorded = {
        key: result for key, result in (results or {}).items() if result.tried and not result.recorded
    }
    folder = DataFolder(data)
    try:
        index = with_reserve(folder, lambda: write_index(data, scheduled, unrecorded))
        keep_reserve(folder)
    except Exception as error:
        error_line(f"index not written, it shows earlier runs: {in_a_line(error)}")
        return None
    return index
