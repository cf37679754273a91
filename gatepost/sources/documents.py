"""What are the documents of a collection, as texts that PostgreSQL reads as jsonb?"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gatepost.errors import SourceFault
from gatepost.sources.census import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.sources.census import Census
    from gatepost.sources.collections import Collection


@dataclass(frozen=True)
class Chunk:
    """Some documents, in the order of the file.

    :param texts: each one JSON object on one line: no character below U+0020 is in it.
    :param bytes_read: how much of the file was read until now, for who shows progress.
    """

    texts: list[str]
    bytes_read: int


def read(collection: Collection, census: Census | None = None) -> Iterator[Chunk]:
    """Yield every document of ``collection``; fill ``census`` when the last one was given.

    :raises SourceFault: what is damaged, with file, line, column and record.
    """
    if collection.file is None or collection.format != "json":
        raise SourceFault(f"{collection.label}: format not read")
    raw = collection.file.read_bytes()
    top = json.loads(raw)
    found = top if isinstance(top, list) else top[collection.rules.top or collection.name]
    texts = [json.dumps(one, ensure_ascii=False) for one in found]
    yield Chunk(texts, len(raw))
    if census is not None:
        census.records, census.bytes_read = len(texts), len(raw)
        census.sha256 = hashlib.sha256(raw).hexdigest()
        _count(census, found)


def _count(census: Census, found: list[dict[str, Any]]) -> None:
    for one in found:
        for name in one:
            was = census.fields.get(name, Field(0, 0, ()))
            census.fields[name] = Field(was.present + 1, was.nulls, was.kinds)
