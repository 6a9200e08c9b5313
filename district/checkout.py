"""The paths of the checkout that plus360 runs from."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PYPROJECT = PROJECT / "pyproject.toml"
DBT_PROJECT = PROJECT / "dbt_project"
CODES = DBT_PROJECT / "seeds" / "codes.csv"
FIELD_LABELS = DBT_PROJECT / "seeds" / "field_labels.csv"
IMPORT_LAYOUTS = DBT_PROJECT / "seeds" / "import_layouts.csv"
LOAD_LIMITS = DBT_PROJECT / "seeds" / "load_limits.csv"
NOTEBOOKS = PROJECT / "notebooks"
# What Jupyter is told: its settings, and how a kernel is started.
JUPYTER = NOTEBOOKS / "jupyter"
