"""What the fork server does once for all districts: each district's process is a fork of it."""

from contextlib import suppress

import pandas  # noqa: F401 - DuckDB imports it the first time a parameter is bound

import night.district_night  # noqa: F401 - and with it dbt
from night.dbt_build import parsed_project

with suppress(Exception):  # such as no room for temporary files: each district's run says so itself
    parsed_project()
