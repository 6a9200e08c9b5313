"""The analyst's object."""

from qa.analyst.district import District

__all__ = ["District"]
