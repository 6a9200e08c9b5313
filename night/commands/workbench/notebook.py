"""Run a notebook for a district."""

from __future__ import annotations

from night.commands.options import CONFIG, DATA, ConfigOption, DataOption, DistrictArgument
from night.terminal.console import refuse


def notebook(
    name: str, district: DistrictArgument, config: ConfigOption = CONFIG, data: DataOption = DATA
) -> None:
    """Run one of the notebooks for a district, into the district's private folder."""
    del name, district, config, data
    refuse("not yet")
