"""Tells what is new after a run: the operator in one message, and the contact of each district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from filelock import Timeout

from district.data_folder import DataFolder
from district.links import LinkInDataError
from district.settings.fleet import Fleet
from night.news.message import Message, district_messages, fleet_message
from night.news.news import News, find_news
from night.news.sending import send
from night.news.told import telling
from night.pages.index_contract import DistrictLine, Index
from night.record import NightResult

_BUSY = "notifications were not sent: another plus360 command is still sending. What is new is told next time"


def tell_news(fleet: Fleet, data: Path, results: Mapping[str, NightResult]) -> list[str]:
    """Send what is new, if anything is and anyone wants to know; what nobody received is told next time.

    Args:
        fleet: the settings.
        data: the folder of all districts, with the index as this command has just written it.
        results: of the runs that have just ended, by district.

    Returns:
        One line for each thing that went wrong; none of them fails a run.
    """
    contacts = any(fleet.districts[key].notify for key in results)
    if not (fleet.settings.notify or contacts):
        return []
    folder = DataFolder(data)
    try:
        with telling(folder) as told:
            for gone in told.keys() - fleet.districts.keys():
                del told[gone]
            news = find_news(_lines(fleet, folder, results), results, told)
            messages = _messages(fleet, data, news, results)
            received, faults = send(messages) if messages else (set(), [])
            unheard = {item.district for number, item in enumerate(messages) if number not in received}
            for item in news:
                if None in unheard or item.district in unheard:
                    continue
                if item.standing == "published":
                    told.pop(item.district, None)
                else:
                    told[item.district] = item.standing
            return faults
    except Timeout:
        return [_BUSY]
    except LinkInDataError as error:
        return [f"notifications were not sent: {error}"]


def _messages(
    fleet: Fleet, data: Path, news: Sequence[News], results: Mapping[str, NightResult]
) -> list[Message]:
    to = fleet.settings.notify
    states = [result.verdict for result in results.values()]
    to_operator = [fleet_message(to, news, states)] if to and news else []
    return to_operator + district_messages(fleet, news, data)


def _lines(fleet: Fleet, folder: DataFolder, results: Mapping[str, NightResult]) -> list[DistrictLine]:
    """What the index says; of a run that it does not show, what its result says."""
    try:
        index = Index.model_validate_json(folder.index_json.read_text(encoding="utf-8"))
        shown = {line.district: line for line in index.districts}
    except (OSError, ValueError):
        shown = {}
    for key, result in results.items():
        line = shown.get(key)
        if not result.recorded or line is None or (result.run_id and line.run_id != result.run_id):
            shown[key] = _line(fleet, result)
    return [line for key, line in shown.items() if key in fleet.districts]


def _line(fleet: Fleet, result: NightResult) -> DistrictLine:
    return DistrictLine(
        district=result.district,
        name=fleet.districts[result.district].name,
        state=result.verdict,
        headline=result.headline,
        next_step="nothing",
    )
