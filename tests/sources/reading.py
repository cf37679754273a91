"""How do the tests read a file: as whole lists, by the quick reader or by the judge alone?"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gatepost.errors import SourceFault
from gatepost.origin import SourceCollection
from gatepost.sources import documents, quick, window
from gatepost.sources.census import Census
from gatepost.sources.collections import Collection, Format

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

# A window so small that records, strings and characters lie across its ends.
TINY = 16


def collection(
    folder: Path, content: str | bytes, file_format: Format = "json", **rules: Any
) -> Collection:
    """Write a file and return it as the collection `users`."""
    file = folder / f"users.{file_format}"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return Collection("users", file.name, file_format, SourceCollection(**rules), file)


def texts(one: Collection, census: Census | None = None) -> list[str]:
    """Return every document of a collection as its text."""
    return [text for chunk in documents.read(one, census) for text in chunk.texts]


def read(one: Collection) -> tuple[list[str], Census] | str:
    """Return the documents and what was counted, or what was said instead."""
    census = Census()
    try:
        return texts(one, census), census
    except SourceFault as fault:
        return str(fault)


def exact(text: str) -> Any:
    """Return what a text holds, each number with every digit that it has there."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def without_quick(patch: pytest.MonkeyPatch) -> None:
    """Let the judge read all, as where msgspec is not installed."""
    patch.setattr(quick, "AVAILABLE", False)


def in_small_pieces(patch: pytest.MonkeyPatch, size: int = TINY) -> None:
    """Read ``size`` bytes at a time."""
    patch.setattr(window, "BLOCK", size)
