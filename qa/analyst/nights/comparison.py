"""Two runs of a district, compared: every endpoint is read when it is asked for, and only once."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import pandas as pd

from district.endpoints import BY_NAME, ENDPOINTS, Endpoint
from extract.preflight.field_labels import known_labels
from qa.analyst.errors import DataError, choose, choose_endpoint
from qa.analyst.nights.choice import Pulls, chosen_run, complete_pulls, run_before
from qa.analyst.nights.differences import Differences, read_differences
from qa.analyst.nights.files import compare_files
from qa.analyst.nights.schools import compare_schools
from qa.analyst.nights.summary import summary_html
from qa.analyst.reader import Reader


class Comparison:
    """What is not the same in two runs. Each attribute is a DataFrame; the object itself shows a summary.

    Attributes:
        before: the id of the earlier run.
        after: the id of the later run.
    """

    def __init__(self, reader: Reader, pulls: Pulls, before: str, after: str) -> None:
        self._reader = reader
        self._pulls = pulls
        self.before, self.after = before, after
        self._differences: dict[str, Differences] = {}

    @cached_property
    def rows(self) -> pd.DataFrame:
        """One row per endpoint: before, added, removed, changed, same, after, in records.

        An endpoint that one of the runs did not receive completely has no numbers but its own.
        """
        differences = {found.endpoint.name: found.counts for found in self._all()}
        lines = []
        for endpoint in ENDPOINTS:
            before, after = (
                self._pulls.get(run, {}).get(endpoint.name, pd.NA) for run in (self.before, self.after)
            )
            line = {"endpoint": endpoint.name, "before": before, "after": after}
            if found := differences.get(endpoint.name):
                line |= found | {"same": before - found["removed"] - found["changed"]}
            lines.append(line)
        columns = ["before", "added", "removed", "changed", "same", "after"]
        return pd.DataFrame(lines, columns=["endpoint", *columns]).astype(dict.fromkeys(columns, "Int64"))

    @cached_property
    def fields(self) -> pd.DataFrame:
        """One row per field that changed in some records: how many, emptied, newly filled; the most first."""
        frames = [_fields_of(found) for found in self._all()]
        return pd.concat(frames).sort_values("changed", ascending=False, kind="stable", ignore_index=True)

    def values(self, endpoint: str, field: str) -> pd.DataFrame:
        """One row per pair of values of a field, before and after, with the records; the most frequent first.

        Args:
            endpoint: its name, or its mart's.
            field: the field's name, or a label of it.
        """
        found = self.differences(endpoint)
        names = {
            row["label"]: row["field"] for row in known_labels() if row["endpoint"] == found.endpoint.name
        }
        names |= {label: name for name, labels in found.labels.items() for label in labels}
        chosen = choose(field, dict.fromkeys([*names.values(), *names]), f"field of {found.endpoint.name}")
        its = found.values[found.values["field"] == names.get(chosen, chosen)]
        counted = its.groupby(["before", "after"], dropna=False).size().rename("records").reset_index()
        return counted.astype({"records": "Int64"}).sort_values(
            ["records", "before", "after"], ascending=[False, True, True], ignore_index=True
        )

    @cached_property
    def schools(self) -> pd.DataFrame:
        """One row per school: students before and after, added, removed, moved in and out, changed."""
        self._need(BY_NAME["Student"])
        return compare_schools(self._reader, self.differences("Student"), self.after)

    @cached_property
    def labels(self) -> pd.DataFrame:
        """One row per label that only one of the runs received: endpoint, label, field, change."""
        lines = [
            {
                "endpoint": found.endpoint.name,
                "label": label,
                "field": found.field_of(label),
                "change": change,
            }
            for found in self._all()
            for change, labels in (("appeared", found.appeared), ("vanished", found.vanished))
            for label in labels
        ]
        return pd.DataFrame(lines, columns=["endpoint", "label", "field", "change"], dtype="string")

    @cached_property
    def file(self) -> pd.DataFrame:
        """One row per file of the import and column, the file's own records first: what changed in it.

        No row, and a line that says so, where one of the runs has no import: only published and held ones do.
        """
        folder = self._reader.folder
        return compare_files(folder.night(self.before), folder.night(self.after))

    def differences(self, endpoint: str) -> Differences:
        """Everything that differs in an endpoint, record by record.

        Raises:
            DataError: there is no such endpoint, or one of the runs did not receive it completely.
        """
        chosen = choose_endpoint(endpoint)
        self._need(chosen)
        (found,) = self._read([chosen])
        return found

    def _all(self) -> list[Differences]:
        return self._read([endpoint for endpoint in ENDPOINTS if self._has(endpoint)])

    def _read(self, endpoints: list[Endpoint]) -> list[Differences]:
        # What is missing is read in one go: opening the files takes as long as comparing a small endpoint.
        missing = [endpoint for endpoint in endpoints if endpoint.name not in self._differences]
        if missing:
            found = read_differences(self._reader, missing, self.before, self.after)
            self._differences |= {one.endpoint.name: one for one in found}
        return [self._differences[endpoint.name] for endpoint in endpoints]

    def _has(self, endpoint: Endpoint) -> bool:
        return not self._lacking(endpoint)

    def _lacking(self, endpoint: Endpoint) -> list[str]:
        return [run for run in (self.before, self.after) if endpoint.name not in self._pulls.get(run, ())]

    def _need(self, endpoint: Endpoint) -> None:
        if lacking := self._lacking(endpoint):
            raise DataError(f"{endpoint.name} was not received completely in {' and '.join(lacking)}.")

    def __repr__(self) -> str:
        return f"{self.before} compared with {self.after}\n{self.rows.to_string(index=False, na_rep='')}"

    def _repr_html_(self) -> str:
        return summary_html(self)


def compare(reader: Reader, before: str | date | None = None, after: str | date | None = None) -> Comparison:
    """Compare two kept runs; without names, the run that is read with the complete one before it.

    Args:
        reader: the run's files.
        before: a run's id, or the date on which it started (UTC): the last run of that day, or the first one
            where `after` started on that day, too.
        after: a run's id, or its date: the last of that day; the run that is read if none is given.

    Raises:
        DataError: there is no such run, or none before, or both are the same one.
    """
    pulls = complete_pulls(reader)
    later = chosen_run(pulls, after) if after else reader.run_id
    earlier = chosen_run(pulls, before, later) if before else run_before(pulls, later)
    return Comparison(reader, pulls, earlier, later)


def _fields_of(found: Differences) -> pd.DataFrame:
    values = found.values
    flags = pd.DataFrame(
        {
            "field": values["field"],
            "changed": 1,
            "emptied": values["after"].isna().astype(int),
            "newly_filled": values["before"].isna().astype(int),
        }
    )
    counted = flags.groupby("field", sort=False).sum().astype("Int64").reset_index()
    counted.insert(0, "endpoint", found.endpoint.name)
    counted.insert(2, "label", [", ".join(found.labels[field]) for field in counted["field"]])
    return counted.astype({"endpoint": "string", "label": "string"})
