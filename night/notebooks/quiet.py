"""What JupyterLab says on the terminal: errors, and nothing else."""

from __future__ import annotations

import logging


class Errors(logging.Filter):
    """Lets errors pass. JupyterLab's notices are of the highest level, above errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is an error."""
        return record.levelno == logging.ERROR
