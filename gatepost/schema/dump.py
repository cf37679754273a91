"""What does a database declare, as a file that people keep and compare?

Everything that the checks `schema`, `extensions`, `settings` (the server apart: it is no part of a
schema) and `privileges` compare, from a live database, a baseline, or a text dumped before.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatepost import database, recorded, tunnel
from gatepost import dsn as dsns
from gatepost.errors import UsageError
from gatepost.origin import Source
from gatepost.schema import configuration, declarations, folding, privileges, text
from gatepost.schema.declarations import Object
from gatepost.schema.selection import Selection
from gatepost.schema.text import Entry, NotWritten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMAT = 1

_HEAD = "gatepost schema, format "
# The patterns by which objects were chosen, told by whom it was written.
_KEYS = {"only": "only", "leave out": "leave_out"}
_TITLES = ("[declarations]", "[settings]", "[privileges]")
_NO_DUMP = "`gatepost schema dump` writes one"
_MENDED = "take it from git as it was, or dump it again"


@dataclass(frozen=True)
class Declared:
    """All that a database declares, each part in the order of identities.

    :param configuration: what the database and the roles within it are set to.
    :param selection: by which ``objects`` were chosen; nothing else is ever selected.
    :param name: of the database where it is known: not a part of what it declares.
    """

    objects: tuple[Object, ...]
    configuration: tuple[Object, ...]
    privileges: tuple[Object, ...]
    selection: Selection = field(default_factory=Selection)
    name: str = field(default="", compare=False)

    def chosen(self, selection: Selection) -> Declared:
        """Return it with only those objects that are selected.

        :raises UsageError: a pattern stands for nothing, or the objects were chosen before.
        """
        if selection == Selection():
            return self
        if self.selection != Selection():
            raise UsageError("what was chosen when it was dumped cannot be chosen from again")
        selection.check(self.objects)
        taken = tuple(one for one in self.objects if selection.takes(one))
        return replace(self, objects=taken, selection=selection)


def of(source: str) -> Declared:
    """Return what is declared in a live database, a baseline, or a file written by `written`.

    :param source: a PostgreSQL address, `baseline:FILE`, or the file's name.
    :raises GatepostError: it cannot be read, or says less than all; no password is in it.
    """
    if file := dsns.baseline(source):
        return _recorded(Path(file))
    if dsns.is_url(source):
        return _live(dsns.parse(source, of="source"))
    return _kept(Path(source))


def written(declared: Declared) -> str:
    """Return the text form: the same for the same declarations, whoever holds them.

    UTF-8 is meant; lines end with LF, the last one too.
    """
    return "".join(f"{line}\n" for line in _lines(declared))


def keep(content: str, file: Path) -> None:
    """Put a text form in its place, whole or not at all.

    :raises UsageError: it cannot be written there.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as opened:
            opened.write(content.encode())
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from None


def as_json(declared: Declared) -> str:
    """Return the same for programs."""
    data: dict[str, Any] = {"format": FORMAT}
    data |= {key: getattr(declared.selection, name) for key, name in _KEYS.items()}
    for title, objects in _parts(declared):
        data[title] = [vars(one) for one in objects]
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def read(content: str, *, of: str) -> Declared:
    """Return what a text form holds: the inverse of `written`.

    :param of: its name, for errors.
    :raises UsageError: it is none, of another format, or a line was damaged.
    """
    # Whoever checks it out may get CRLF; a CR of ours is always quoted.
    lines = [line.removesuffix("\r") for line in content.split("\n")]
    _check_head(lines[0], of)
    titles = [at for at, line in enumerate(lines) if line in _TITLES]
    parts: dict[str, tuple[Object, ...]] = {}
    try:
        selection = _selection(lines[: titles[0]] if titles else lines)
        for at, end in itertools.pairwise([*titles, len(lines)]):
            parts[lines[at]] = _part(lines[at + 1 : end], at + 2)
    except NotWritten as error:
        raise UsageError(f"{of}: line {error.line} {error.what}", hint=_MENDED) from None
    if list(parts) != list(_TITLES) or len(titles) != len(_TITLES):
        raise UsageError(f"{of}: is cut, or its parts are not in their order", hint=_MENDED)
    declared, settings, rights = parts.values()
    rights = _ordered(folding.unfolded(rights))
    return Declared(declared, settings, rights, selection)


def _live(dsn: dsns.Dsn) -> Declared:
    with (
        tunnel.opened([dsn]),
        contextlib.closing(database.read_only(dsn, label="schema")) as conn,
    ):
        return _settled(declarations.read(conn), configuration.read(conn), privileges.read(conn))


def _recorded(file: Path) -> Declared:
    with tempfile.TemporaryDirectory(prefix="gatepost-facts-") as folder:
        side = recorded.opened(file, Source(), Path(folder))
        return _settled(side.catalog.objects, side.configuration, side.privileges)


def _kept(file: Path) -> Declared:
    try:
        content = file.read_bytes().decode()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: is no dumped schema", hint=_NO_DUMP) from None
    return read(content, of=str(file))


def _settled(
    objects: Iterable[Object], settings: Iterable[Object], rights: Iterable[Object]
) -> Declared:
    """Return facts without what is true of their place only: name, server, libraries."""
    given = {one.identity: one.attributes for one in settings if one.identity != "server"}
    name = given["database"]["name"]
    given["database"] = _without(("name", "actual"), given["database"])
    given["database"]["collations"] = {
        collation: _without(("actual",), facts)
        for collation, facts in given["database"]["collations"].items()
    }
    return Declared(
        objects=_ordered(objects),
        configuration=_ordered(Object(one, one, given[one]) for one in given),
        privileges=_ordered(map(_nameless, folding.settled(rights))),
        name=name,
    )


def _nameless(one: Object) -> Object:
    nameless = one.kind == "database"
    return replace(one, attributes=_without(("name",), one.attributes)) if nameless else one


def _without(keys: tuple[str, ...], attributes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if key not in keys}


def _ordered(objects: Iterable[Object]) -> tuple[Object, ...]:
    return tuple(sorted(objects, key=lambda one: one.identity))


def _lines(declared: Declared) -> Iterator[str]:
    yield f"{_HEAD}{FORMAT}"
    for key, name in _KEYS.items():
        for pattern in getattr(declared.selection, name):
            yield from text.lines(Entry(key, pattern, {}))
    for title, objects in _parts(declared):
        yield ""
        yield f"[{title}]"
        for one in objects:
            yield ""
            yield from text.lines(Entry(one.identity, one.kind, one.attributes))


def _parts(declared: Declared) -> Iterator[tuple[str, tuple[Object, ...]]]:
    """Yield title and objects of each part, as they are written."""
    yield "declarations", _ordered(declared.objects)
    yield "settings", _ordered(declared.configuration)
    yield "privileges", _ordered(folding.folded(declared.privileges))


def _check_head(line: str, of: str) -> None:
    if not line.startswith(_HEAD):
        raise UsageError(f"{of}: is no dumped schema", hint=_NO_DUMP)
    if (version := line.removeprefix(_HEAD)) != str(FORMAT):
        raise UsageError(
            f"{of}: format {version}, and this gatepost reads {FORMAT}",
            hint="dump it again, or read it with the gatepost that wrote it",
        )


def _selection(lines: list[str]) -> Selection:
    """Return what the lines below the first one say, each by itself."""
    found: dict[str, list[str]] = {name: [] for name in _KEYS.values()}
    for number, line in enumerate(lines[1:], 2):
        for one in text.read([line], number):
            if one.key not in _KEYS:
                raise NotWritten(number, f"has an unknown key '{one.key}'")
            found[_KEYS[one.key]].append(one.value)
    return Selection(**{name: tuple(patterns) for name, patterns in found.items()})


def _part(lines: list[str], first: int) -> tuple[Object, ...]:
    found: dict[str, Object] = {}
    for one in text.read(lines, first):
        if one.key in found:
            raise NotWritten(first, f"begins a part in which '{one.key}' is twice")
        found[one.key] = Object(one.key, one.value, one.below)
    return _ordered(found.values())
