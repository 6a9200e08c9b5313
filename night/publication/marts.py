"""The marts of published runs as Parquet, laid out as DuckDB, Spark and Polars read them as one table.

`data/marts/<mart>/district=<key>/run=<run>/`: engines take `district` and `run` from the folders' names.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from district.data_folder import DataFolder
from district.folder import NightFolder
from district.links import refuse_links
from district.private_files import (
    make_missing_folder,
    make_private_folder,
    private_files,
    sync_file,
    sync_folder,
)
from night.terminal.console import in_a_line
from qa.warehouse import open_warehouse

FILE_NAME = "rows.parquet"


def copy_marts(night: NightFolder) -> str | None:
    """Write the marts of a published run as Parquet, and remove those of runs that are no longer kept.

    Whoever reads sees all rows of a mart's run or none: each folder is complete before it gets its name.

    Returns:
        Why they could not be written, in one line, or None: it takes no publication back.
    """
    try:
        _copy(night)
    except Exception as error:
        return in_a_line(error)
    return None


def _copy(night: NightFolder) -> None:
    folder = night.district
    data = DataFolder(folder.path.parent)
    new = data.new_marts(folder.key)
    refuse_links(data.path, new, *data.marts_of(folder.key))
    shutil.rmtree(new, ignore_errors=True)  # of a run that was killed
    make_private_folder(new)
    with open_warehouse(night) as warehouse, private_files():
        marts = warehouse.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' order by table_name"
        ).fetchall()
        refuse_links(data.path, *(data.mart(mart, folder.key, night.run_id) for (mart,) in marts))
        for (mart,) in marts:
            place = make_missing_folder(new / mart)
            file = place / FILE_NAME
            warehouse.execute(f"copy marts.{mart} to '{_quoted(file)}' (format parquet, compression zstd)")
            sync_file(file)
            _put(place, data.mart(mart, folder.key, night.run_id))
    shutil.rmtree(new)
    _remove_old(night, data)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _put(written: Path, place: Path) -> None:
    make_missing_folder(place.parent)
    if place.exists():  # a release of the same run again
        shutil.rmtree(place)
    written.rename(place)
    sync_folder(place.parent)


def _remove_old(night: NightFolder, data: DataFolder) -> None:
    kept = {each.run_id for each in night.district.all_nights()}
    for mart in data.marts_of(night.district.key):
        for run in mart.glob("run=*"):
            if run.name.removeprefix("run=") not in kept:
                shutil.rmtree(run)
