"""pointblank's report on a district's students, in a virtual environment of its own.

Install `pointblank polars pandas duckdb` there.
"""

import sys
from pathlib import Path

import duckdb
import pointblank as pb


def main(warehouse: str, page: str) -> None:
    with duckdb.connect(warehouse, read_only=True) as con:
        students = con.execute("from marts.students").df()
    required = ["student_id", "last_name", "first_name", "birth_date", "state_student_id"]
    validation = (
        pb.Validate(data=students, tbl_name="students", thresholds=pb.Thresholds(warning=1, error=0.05))
        .col_vals_not_null(columns=required)
        .rows_distinct(columns_subset="student_id")
        .rows_distinct(columns_subset="state_student_id")
        .col_vals_in_set(columns="gender", set=["M", "F"])
        .col_vals_regex(columns="physical_postal_code", pattern=r"^\d{5}(-?\d{4})?$", na_pass=True)
        .interrogate()
    )
    Path(page).write_text(validation.get_tabular_report().as_raw_html(make_page=True), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
