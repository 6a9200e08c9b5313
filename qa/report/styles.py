"""The report's CSS: as the page has it, and as a notebook shows a section with it."""

from __future__ import annotations

from qa.report.sections import TEMPLATES


def _css(name: str) -> str:
    return (TEMPLATES / "css" / f"{name}.css").read_text(encoding="utf-8")


# The colors, the sections, the page around them.
PAGE_STYLES = (_css("theme"), _css("report"), _css("page"))
# The same without the page, below a class of our own: JupyterLab's page stays as it is. Twice, because
# JupyterLab has rules of its own for every table and list.
NOTEBOOK_STYLE = (
    f"{_css('theme')}\n.report.report {{ border-radius: 10px; padding: 1rem; \n{_css('report')}}}"
)
