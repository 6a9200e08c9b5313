"""What notebooks add to the District: interactive tables, SQL cells and bar charts, with nothing to fetch."""

from qa.analyst.jupyter.bars import bars
from qa.analyst.jupyter.tables import table_html
from qa.analyst.jupyter.workbench import workbench
from qa.analyst.questions import questions

__all__ = ["bars", "questions", "table_html", "workbench"]
