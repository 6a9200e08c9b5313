"""ydata-profiling's report on a district's students, in a virtual environment of its own.

Install `ydata-profiling duckdb "setuptools<81"` there. With "sensitive" as a third argument, it is told that
the data must not be shown.
"""

import sys

import duckdb
from ydata_profiling import ProfileReport


def main(warehouse: str, page: str, sensitive: str = "") -> None:
    with duckdb.connect(warehouse, read_only=True) as con:
        students = con.execute("from marts.students").df()
    # Columns without any value stop it.
    students = students.dropna(axis="columns", how="all")
    report = ProfileReport(
        students, title="Students", minimal=True, sensitive=bool(sensitive), progress_bar=False
    )
    report.to_file(page)


if __name__ == "__main__":
    main(*sys.argv[1:])
