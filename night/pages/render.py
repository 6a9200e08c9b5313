"""Renders this package's pages: escaped by default, and a missing value is an error."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def render_page(template: str, **values: object) -> str:
    """The HTML of a template of night/templates with these values."""
    return _TEMPLATES.get_template(template).render(**values)
