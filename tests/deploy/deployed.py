"""What the tests of deploy/ share: where its files are, and the command in them."""

from __future__ import annotations

from tests.repo.project_files import PROJECT

DEPLOY = PROJECT / "deploy"
PROGRAM = "/opt/plus360/.venv/bin/plus360"
MOST_LINES = 40
