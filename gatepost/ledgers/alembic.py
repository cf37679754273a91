"""Which revisions does Alembic's table name, and are they the heads of what was applied?

The table names the last revision of each branch and nothing else; which ones came before it is
told by the scripts.  These are read, and not run: they are Python.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

from gatepost.errors import UsageError
from gatepost.ledgers import rows
from gatepost.ledgers.entries import Entry, Told, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.ledgers.entries import Asked
    from gatepost.schema.catalog import Catalog, Table

COLUMNS = frozenset({"version_num"})

_READ = sql.SQL("select version_num::pg_catalog.text from {table} order by version_num")
_NAMES = ("revision", "down_revision", "depends_on")


@dataclass(frozen=True)
class Revision:
    """What a script says of itself.

    :param before: the revisions that it is built upon; none of a first one.
    """

    id: str
    file: str
    before: tuple[str, ...]
    depends_on: tuple[str, ...] = ()


def read(conn: Connection, table: Table) -> tuple[Entry, ...]:
    """Return the rows in the order of the revisions that they name.

    :raises UsageError: a row that names none.
    """
    query = _READ.format(table=table.relation.identifier)
    found = rows.of(conn, table.relation, query, "version_num")
    return tuple(Entry(version, version) for (version,) in found)


def held(_conn: Connection, _table: Table, _catalog: Catalog) -> tuple[str, ...]:
    """Return nothing: Alembic takes no lock that could be seen."""
    return ()


def judge(asked: Asked) -> Told:
    """Return what is wrong with the rows, and with the scripts that they speak of."""
    notes = (
        asked.says("it keeps no checksums: that a script was edited after it ran goes unseen"),
    )
    if asked.folder is None:
        return Told((), notes)
    there = revisions(asked.folder)
    known = {one.id: one for one in there}
    findings = [*_scripts(asked.folder, there, known), *_rows(asked, known)]
    applied = applied_of(asked.entries, known)
    waiting = asked.waiting(
        [f"{one.id} ({one.file})" for one in there if one.id not in applied],
        "has a script and was never applied",
        hint="`alembic upgrade head` applies it",
    )
    return Told(tuple(findings), notes) + waiting


def revisions(folder: Path) -> tuple[Revision, ...]:
    """Return the revisions of a folder, or of `versions` in it, by the names of their files.

    :raises UsageError: there is no such folder, or a script is no Python.
    """
    inner = folder / "versions"
    place = inner if inner.is_dir() else folder
    if not place.is_dir():
        raise UsageError(f"{folder.name}: there is no such folder of migrations")
    found = (_revision(file) for file in sorted(place.rglob("*.py")))
    return tuple(one for one in found if one is not None)


def applied_of(entries: Sequence[Entry], known: Mapping[str, Revision]) -> frozenset[str]:
    """Return the revisions that the rows stand for: those they name, and all before them."""
    found: set[str] = set()
    todo = [entry.name for entry in entries]
    while todo:
        one = todo.pop()
        if one in known and one not in found:
            found.add(one)
            todo += [*known[one].before, *known[one].depends_on]
    return frozenset(found)


def shrank(
    was: Sequence[Entry], now: Sequence[Entry], known: Mapping[str, Revision]
) -> Iterator[str]:
    """Yield what was applied, and by the rows of now is not; only the scripts can tell."""
    gone = sorted(applied_of(was, known) - applied_of(now, known))
    if gone:
        yield f"{', '.join(gone)} had been applied, and by its rows is not any more"


def _revision(file: Path) -> Revision | None:
    """Return what a script assigns to `revision` and the rest; None where it is no revision."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{file.name}: it cannot be read as Python: {error}") from None
    said = {name: value for name, value in _assigned(tree) if name in _NAMES}
    if not isinstance(said.get("revision"), str):
        return None
    return Revision(
        said["revision"],
        file.name,
        _several(said.get("down_revision")),
        _several(said.get("depends_on")),
    )


def _assigned(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and value is not None:
                try:
                    yield target.id, ast.literal_eval(value)
                except ValueError:
                    continue  # it is computed, and none of the names that count ever is


def _several(value: Any) -> tuple[str, ...]:
    if isinstance(value, list | tuple | set):
        return tuple(map(str, value))
    return () if value is None else (str(value),)


def _scripts(
    folder: Path, there: Sequence[Revision], known: Mapping[str, Revision]
) -> Iterator[str]:
    for one, times in Counter(found.id for found in there).items():
        if times > 1:
            files = ", ".join(found.file for found in there if found.id == one)
            yield told(f"{times} scripts are of revision {one}: {files}", "give one another id")
    for found in there:
        for before in found.before:
            if before not in known:
                yield told(
                    f"{found.file}: it is built upon {before}, and no script of {folder.name} is"
                    " that",
                    "put the script back",
                )
    heads = _heads(there)
    if len(heads) > 1:
        yield told(
            f"{folder.name}: there are {len(heads)} heads, {', '.join(heads)}, and `alembic"
            " upgrade head` refuses",
            "`alembic merge heads` makes one of them",
        )


def _heads(there: Sequence[Revision]) -> list[str]:
    upon = {before for one in there for before in one.before}
    return sorted({one.id for one in there} - upon)


def _rows(asked: Asked, known: Mapping[str, Revision]) -> Iterator[str]:
    for entry in asked.entries:
        if entry.name not in known:
            yield asked.says(
                f"{entry.name} was applied, and no script is that revision",
                hint="put the script back: Alembic goes neither on nor back without it",
            )
            continue
        others = [one for one in asked.entries if one is not entry]
        if entry.name in applied_of(others, known):
            yield asked.says(
                f"{entry.name} is recorded beside a later revision of the same branch",
                hint="delete its row: a branch has one",
            )
