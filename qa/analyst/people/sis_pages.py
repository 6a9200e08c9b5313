"""The pages of eSchoolPLUS that records are fixed on, where the district's settings say its address."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from district.settings.file import SettingsError, load_fleet
from qa.analyst.reader import Reader
from qa.failing.values import guardian_page


def guardian_links(frame: pd.DataFrame, reader: Reader) -> pd.DataFrame:
    """The frame with `link` in place of `is_guardian`: the guardian's page, where there is one.

    Args:
        frame: has contact_id, student_id and is_guardian.
        reader: whose district it is.
    """
    page = _page_of(reader)
    links = [
        page(contact, student) if is_guardian is True else None
        for contact, student, is_guardian in zip(
            frame["contact_id"], frame["student_id"], frame["is_guardian"].astype(object), strict=True
        )
    ]
    return frame.assign(link=pd.array(links, dtype="string")).drop(columns="is_guardian")


def _page_of(reader: Reader) -> Callable[[str, str], str | None]:
    """The address of a guardian's page, by contact and student; PLUS360_CONFIG names the settings."""
    try:
        fleet = load_fleet(Path(os.environ.get("PLUS360_CONFIG", "districts.toml")))
    except SettingsError:
        return lambda *_: None
    settings = fleet.districts.get(reader.folder.key)
    address = settings.sis_url if settings else None
    return (lambda contact, student: guardian_page(address, contact, student)) if address else lambda *_: None
