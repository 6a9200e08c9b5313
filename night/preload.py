"""What the fork server does once for all districts: each one's process is a fork of it."""

from contextlib import suppress

import pandas  # noqa: F401 - DuckDB imports it when a parameter is bound for the first time

import night.district_night  # noqa: F401 - and with it dbt
from night.dbt_build import parsed_project

with suppress(OSError):  # no room for temporary files: each district's night tells so itself
    parsed_project()
