"""An operator and a receiving system."""

from tests.night.conftest import module_operator

__all__ = ["module_operator"]
