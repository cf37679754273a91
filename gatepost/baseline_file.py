"""How are the facts of a side kept in a file, so that any change to it is noticed?

`NAME.json` holds the facts and `NAME.bin`, beside it, the sums of buckets, which only a program
reads.  The first names the second by its SHA-256, and itself by that of all its other bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Self

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gatepost.errors import UsageError
from gatepost.objects import Access, LargeObjects
from gatepost.orphans import Orphans
from gatepost.parity.buckets import Buckets, Sum
from gatepost.parity.census import Census
from gatepost.parity.digests import Digest
from gatepost.parity.hashes import Hash
from gatepost.parity.readings import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# 2: objects, settings and privileges are told whole; what 1 left out would look like a difference.
VERSION: Literal[2] = 2

# Stands for the hash of a file while that is not known.
UNSEALED = "0" * 64

# How every version begins: by it one that is not ours is told from one that was altered.
_HEAD = re.compile(rb'\{\n  "version": (\d+),\n  "sha256": "([0-9a-f]{64})",\n')
_SUM = struct.Struct("<iq16s16s")  # bucket, rows, sum of keys, sum of values
_AGAIN = "record it again from the source, or fetch the two files once more"


@dataclass(frozen=True)
class Place:
    """Where in the second file the sums of a relation's buckets are, compressed.

    :param statement: SHA-256 of the SQL that was asked for them.
    """

    dealt: Buckets
    offset: int
    length: int
    statement: str


@dataclass(frozen=True)
class Recorded:
    """What was recorded of the rows of one relation.

    :param statement: the SQL that was asked for the digest.
    :param seconds: that one connection read for it.
    :param census: by column; None where it was not taken.
    :param sums: None where they were not taken.
    """

    reading: Reading
    statement: str
    digest: Digest
    seconds: float
    census: dict[str, Census] | None = None
    sums: Place | None = None


@dataclass(frozen=True)
class Server:
    """Where it was recorded, beside what the fact `info` tells.

    :param lsn: how far the server had written, or replayed, when the recording began.
    :param settings: of the session that read, pinned ones among them.
    :param collations: by name, the version of those whose order depends on a library.
    """

    encoding: str
    lsn: str
    settings: dict[str, str]
    collations: dict[str, str]


@dataclass(frozen=True)
class References:
    """The orphans of one reference, and the hashes by which they are told from new ones."""

    orphans: Orphans
    hashes: tuple[int, ...]


@dataclass(frozen=True)
class Large:
    """What was recorded of large objects: each of them, or, where there are many, their buckets."""

    access: Access
    by_oid: bool
    found: dict[int, LargeObjects]


@dataclass(frozen=True)
class Second:
    """The file beside it."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Baseline:
    """A `NAME.json`, field by field.

    :param version: of the format.
    :param sha256: of all bytes of the file, with 64 zeros in its own place.
    :param hash: under which the digests were made.
    :param utf8: texts were hashed as the bytes that UTF-8 has for them.
    :param facts: what the side keeps in its store, by question.
    :param states: of what can be out of order, by sort and name.
    :param orphans: by reference; None where its tables or columns were not there.
    :param values: of queries that the project declares, where they are numbers.
    :param missing: what was not recorded, and why.
    """

    version: Literal[2]
    sha256: str
    gatepost: str
    project: str
    started: dt.datetime
    finished: dt.datetime
    snapshot: str
    server: Server
    hash: Hash
    utf8: bool
    facts: dict[str, Any]
    states: dict[str, dict[str, str]]
    large_objects: Large
    orphans: dict[str, References | None]
    values: dict[str, int]
    relations: tuple[Recorded, ...]
    missing: dict[str, str]
    second: Second


_BASELINE = TypeAdapter(Baseline)


class Sums:
    """The second file while it is written; it goes with the block unless it was given its place."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._part = _unfinished(_second(file))
        self._written = 0
        self._opened = self._part.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()
        self._part.unlink(missing_ok=True)

    def add(self, dealt: Buckets, sums: Mapping[int, Sum], statement: str) -> Place:
        """Write the sums of one relation and return where they are."""
        packed = zlib.compress(b"".join(_packed(sums)))
        self._opened.write(packed)
        place = Place(dealt, self._written, len(packed), _sha256(statement.encode()))
        self._written += len(packed)
        return place

    def end(self) -> Second:
        """Finish the file and return how it is named; `write` gives it its place."""
        _to_disk(self._opened)
        return Second(_second(self._file).name, self._written, _sha256(self._part.read_bytes()))


def write(baseline: Baseline, file: Path) -> None:
    """Put a baseline in its place, each of its two files whole or not at all.

    :param baseline: `UNSEALED`; its second file is ended.
    """
    text = _BASELINE.dump_json(baseline, indent=2) + b"\n"
    sealed = text.replace(UNSEALED.encode(), _sha256(text).encode(), 1)
    part, second = _unfinished(file), _second(file)
    with part.open("wb") as opened:
        opened.write(sealed)
        _to_disk(opened)
    _unfinished(second).replace(second)
    part.replace(file)


def read(file: Path) -> Baseline:
    """Return a baseline, both of whose files are what was written.

    :raises UsageError: there is none, it is of another version, or a byte of it was altered.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"baseline {file.name}: cannot be read: {error.strerror}") from None
    head = _HEAD.match(data)
    if head is None:
        raise UsageError(f"baseline {file.name}: this is none, or it was altered", hint=_AGAIN)
    version, sealed = int(head[1]), head[2]
    if version != VERSION:
        raise UsageError(
            f"baseline {file.name}: format {version}, and this gatepost reads {VERSION}",
            hint="read it with the gatepost that wrote it",
        )
    if _sha256(data.replace(sealed, UNSEALED.encode(), 1)).encode() != sealed:
        raise UsageError(f"baseline {file.name}: altered or cut after it was written", hint=_AGAIN)
    try:
        baseline = _BASELINE.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"baseline {file.name}: {where}: {first['msg']}", hint=_AGAIN) from None
    _check_second(file, baseline.second)
    return baseline


def sums(file: Path, baseline: Baseline, place: Place) -> dict[int, Sum]:
    """Return the sums of the buckets of one relation."""
    with (file.parent / baseline.second.name).open("rb") as opened:
        opened.seek(place.offset)
        data = zlib.decompress(opened.read(place.length))
    return {
        bucket: Sum(rows, int.from_bytes(keys, signed=True), int.from_bytes(values, signed=True))
        for bucket, rows, keys, values in _SUM.iter_unpack(data)
    }


def _check_second(file: Path, second: Second) -> None:
    beside = file.parent / second.name
    try:
        with beside.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(
            f"baseline {file.name}: {second.name}, which belongs to it, cannot be read:"
            f" {error.strerror}",
            hint="keep the two files in one folder, under the names that they were given",
        ) from None
    if found != second.sha256:
        raise UsageError(
            f"baseline {file.name}: {second.name} was altered or cut after it was written",
            hint=_AGAIN,
        )


def _packed(sums: Mapping[int, Sum]) -> Iterator[bytes]:
    for bucket, one in sorted(sums.items()):
        keys, values = (number.to_bytes(16, signed=True) for number in (one.keys, one.values))
        yield _SUM.pack(bucket, one.rows, keys, values)


def _second(file: Path) -> Path:
    return file.with_suffix(".bin")


def _unfinished(file: Path) -> Path:
    return file.with_name(f"{file.name}.part")


def _to_disk(opened: BinaryIO) -> None:
    opened.flush()
    os.fsync(opened.fileno())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
