"""Follows one student through a run: what was received, decided, written and loaded, and night by night."""

from qa.analyst.trace.family import UnknownStudentError
from qa.analyst.trace.trace import Trace, trace

__all__ = ["Trace", "UnknownStudentError", "trace"]
