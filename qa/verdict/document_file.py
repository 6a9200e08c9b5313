"""Reads a run's qa.json, or says in one line why it can't be used and what to do."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import ValidationError

from district.errors import Plus360Error
from district.folder import NightFolder
from qa.contract import QaDocument

_SCHEMA: int = QaDocument.model_fields["schema_"].default


class DocumentError(Plus360Error):
    """A run's qa.json is missing, or is not what this version of plus360 wrote of that run."""


class EarlierVersionError(DocumentError):
    """An earlier version of plus360 wrote the run: its files have another shape."""


def read_document(night: NightFolder, path: Path | None = None) -> tuple[QaDocument, str]:
    """A run's document, and the SHA-256 of its file.

    Args:
        night: the run's folder.
        path: by default its qa.json.

    Raises:
        DocumentError: it is missing or damaged, or of another version or another run.
        OSError: it can't be read.
    """
    path = path or night.qa_json
    name, key = path.relative_to(night.path).as_posix(), night.district.key
    of_run = f"{name} of run {night.run_id}"
    if not path.is_file():
        raise DocumentError(f"{of_run} is missing. Run plus360 night {key}")
    content = path.read_bytes()
    try:
        document = QaDocument.model_validate_json(content)
    except ValidationError:
        raise _error(content, of_run, night) from None
    if (document.district, document.run_id) != (key, night.run_id):
        raise DocumentError(f"{of_run} is a copy of another run's. Run plus360 night {key}")
    return document, hashlib.sha256(content).hexdigest()


def refuse_earlier_version(night: NightFolder) -> None:
    """Refuse a run whose files have the shape of an earlier version; any other fault of qa.json is none here.

    Raises:
        EarlierVersionError: an earlier version wrote it.
    """
    try:
        read_document(night)
    except EarlierVersionError:
        raise
    except DocumentError:
        pass


def _error(content: bytes, of_run: str, night: NightFolder) -> DocumentError:
    """Why a file that is no document can't be used."""
    try:
        told = json.loads(content)
    except ValueError:
        told = None
    schema = told.get("schema") if isinstance(told, dict) else None
    if isinstance(schema, int) and schema < _SCHEMA:
        return EarlierVersionError(
            f"run {night.run_id} was written by an earlier version of plus360. "
            f"Run plus360 night {night.district.key}"
        )
    if isinstance(schema, int) and schema > _SCHEMA:
        return DocumentError(
            f"run {night.run_id} was written by a newer version of plus360. Install that version"
        )
    return DocumentError(f"{of_run} is damaged. Run plus360 night {night.district.key}")
