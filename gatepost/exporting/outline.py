"""Which files does an export consist of, of which shape is each, and which query fills it?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from gatepost.errors import UsageError
from gatepost.exporting import queries
from gatepost.origin import FILES, SourceCollection
from gatepost.sources import collections, separated
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gatepost.origin import Export
    from gatepost.settings import Settings

Format = Literal["json", "ndjson", "csv"]


@dataclass(frozen=True)
class Part:
    """A collection in a file.

    :param top: of JSON, the key that holds the array; empty where the file is the array itself.
    :param name: of the query's file, and the query.
    """

    collection: str
    top: str
    name: str
    query: str


@dataclass(frozen=True)
class Outline:
    """A file that is to be written.

    :param file: its path within the folder of the export, as within the source's.
    :param columns: of CSV, its header.
    """

    file: str
    format: Format
    parts: tuple[Part, ...]
    columns: tuple[str, ...] = ()

    @property
    def shape(self) -> str:
        """How the file is made, in words."""
        tops = [part.top for part in self.parts if part.top]
        keys = f" under {', '.join(tops)}" if tops else ""
        return {"json": f"JSON{keys}", "ndjson": "NDJSON", "csv": "CSV"}[self.format]


def of(settings: Settings) -> tuple[Outline, ...]:
    """Return the files of an export, in the order of their names.

    The source's files say what the project left out: whether an array lies under a key, and which
    columns a CSV has.  Where they are gone, or never were files, what is declared must do.

    :raises UsageError: no export is declared, or one of no collection; a query that cannot be read;
        nothing says which columns a CSV has; collections of two shapes in one file.
    :raises SourceFault: the header of a CSV file cannot be read.
    """
    exports = settings.project.export
    if not exports:
        raise UsageError(
            "the project declares no [export.NAME]: nothing says how to write it back",
            hint='[export.users] with query = "sql/back/users.sql"',
        )
    known = _lying(settings)
    grouped: dict[str, list[tuple[Outline, Part]]] = {}
    for name, export in exports.items():
        one = _outline(settings, name, export, known)
        grouped.setdefault(one.file, []).append((one, one.parts[0]))
    return tuple(_together(file, grouped[file]) for file in sorted(grouped))


def missing(settings: Settings) -> tuple[str, ...]:
    """Return the collections of the source that no export writes back."""
    known = _lying(settings) or settings.source.collections
    return tuple(sorted(known.keys() - settings.project.export.keys()))


def _lying(settings: Settings) -> dict[str, collections.Collection] | None:
    """Return the collections of the source's files; None where there are none to look at."""
    url = settings.source.url
    if not url.startswith(FILES):
        return None
    if not settings.path(url.removeprefix(FILES).removeprefix("//")).is_dir():
        return None
    return {one.name: one for one in collections.of(settings)}


def _outline(
    settings: Settings,
    name: str,
    export: Export,
    known: dict[str, collections.Collection] | None,
) -> Outline:
    if known is not None and name not in known:
        raise UsageError(
            f"[export.{name}]: the source has no collection of that name",
            hint=meant(name, known) or f"it has {', '.join(known)}",
        )
    rules = settings.source.collections.get(name, SourceCollection())
    collection = known[name] if known else None
    lying = collection.file if collection else None
    shape = _format(rules, lying)
    file = rules.file or (lying.name if lying else f"{name}.{shape}")
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts:
        file = path.name
    top = ""
    if shape == "json":
        top = _top(name, rules, lying)
    columns = export.columns
    if shape == "csv" and not columns:
        columns = _header(name, collection)
    query = queries.written(settings, export)
    return Outline(file, shape, (Part(name, top, export.query, query),), columns)


def _format(rules: SourceCollection, lying: Path | None) -> Format:
    suffix = PurePosixPath(lying.name if lying else rules.file).suffix.lower()
    told: dict[str, Format] = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}
    return rules.format or told.get(suffix, "json")


def _top(name: str, rules: SourceCollection, lying: Path | None) -> str:
    if rules.top is not None:
        return rules.top
    if lying is None:
        return name
    # What is no UTF-8 is refused by who reads it all.
    with lying.open(encoding="utf-8-sig", errors="replace") as opened:
        while (character := opened.read(1)).isspace():
            continue
    return "" if character == "[" else name


def _header(name: str, collection: collections.Collection | None) -> tuple[str, ...]:
    if collection is None:
        raise UsageError(
            f"[export.{name}]: nothing says which columns its CSV has",
            hint='columns = ["id", "name"]',
        )
    return separated.header(collection)


def _together(file: str, found: Iterable[tuple[Outline, Part]]) -> Outline:
    outlines, parts = zip(*found, strict=True)
    first: Outline = outlines[0]
    if len(parts) > 1 and (first.format != "json" or not all(part.top for part in parts)):
        names = " and ".join(part.collection for part in parts)
        raise UsageError(
            f"{file}: {names} cannot both be written into it",
            hint="of JSON, each under a key of its own: [source.collections.NAME] top",
        )
    return Outline(file, first.format, tuple(parts), first.columns)
