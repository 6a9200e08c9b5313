"""What the fork server does once for all districts: each district's process is a fork of it."""

import atexit
import gc
import os
import sys
from contextlib import suppress
from pathlib import Path

# What is imported and parsed stays: to look for garbage in it takes a third of the time.
gc.disable()
# jsonschema, which dbt imports, makes a grammar of it (a second) for a format that nothing here asks for.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

# What dbt imports with the first build.
import dbt.adapters.duckdb.environments.local  # noqa: E402
import dbt.task.build  # noqa: E402, F401
import dbt_common.clients.agate_helper  # noqa: E402, F401
import pandas  # noqa: E402, F401 - DuckDB imports it the first time a parameter is bound

import night.district_night  # noqa: E402, F401 - and with it dbt
from district.data_folder import DataFolder  # noqa: E402
from night.parsed_project import parsed_project  # noqa: E402

with suppress(Exception):  # such as no room for temporary files: each district's run says so itself
    parsed_project(DataFolder(Path(os.environ["PLUS360_DATA"])))

gc.enable()
gc.collect()
gc.freeze()
atexit.register(gc.unfreeze)  # else DuckDB says at the end of this process that it leaks
# A build makes a million short-lived objects: to look at them all the time takes a tenth of it.
gc.set_threshold(100_000, 50, 50)
