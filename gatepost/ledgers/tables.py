"""Which table is the record of applied migrations, and does another one look like it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost import names
from gatepost.ledgers import entries
from gatepost.ledgers.declared import Ledger
from gatepost.ledgers.kinds import KINDS
from gatepost.migrations import ledger as own

if TYPE_CHECKING:
    from gatepost.ledgers.declared import Kind
    from gatepost.schema.catalog import Catalog, Table
    from gatepost.settings import Settings

PRISMA = "_prisma_migrations"
DATABASE = "database"

# What the runners that we know of call theirs.
_NAME = re.compile(
    r"_*(?:[a-z0-9]+_)*(?:pg)?migrations?(?:_?(?:history|log|lock))?"
    r"|_*efmigrationshistory|databasechangelog|sequelizemeta|alembic_version|goose_db_version"
    r"|(?:flyway_)?schema_(?:version|history)",
    re.IGNORECASE,
)
_LOCK = re.compile(r"_?lock$", re.IGNORECASE)
# What says which migration it was, and what only a record of them has beside that.
_WHICH = frozenset(
    {"version", "version_num", "version_id", "name", "filename", "script", "migration"}
    | {"migration_name", "migrationid", "hash", "id"}
)
_ONLY = frozenset(
    {"applied", "applied_at", "executed_at", "run_on", "migration_time", "migrated_at"}
    | {"installed_on", "installed_rank", "finished_at", "dateexecuted", "tstamp", "batch", "dirty"}
    | {"checksum", "sha256", "md5sum", "success", "productversion", "is_applied", "execution_time"}
)


@dataclass(frozen=True)
class Rivals:
    """Tables that each look like the one record of migrations, some of them not declared."""

    tables: tuple[str, ...]

    def __str__(self) -> str:
        return DATABASE


def declared(settings: Settings, *sides: Catalog) -> tuple[Ledger, ...]:
    """Return the ledgers that are asked about: those of the project, our own, or what is known.

    Where the project names none, tables of a known layout are taken for what they are.
    """
    found = {one.table: one for one in _named(settings)}
    if not found:
        project = settings.project
        of_ours = project.migrate.migrations or project.compare_schema.migrations
        for one in (table for side in sides for table in side.tables):
            name, kind = str(one.relation), _kind(one)
            if kind is not None:
                files = of_ours if kind == "sql" else project.migrate.migrations
                found[name] = Ledger(kind=kind, table=name, files=files)
    return tuple(found.values())


def written(settings: Settings) -> Ledger | None:
    """Return the ledger in which a run of the project's migrations is recorded, if it names one."""
    migrate = settings.project.migrate
    folder = migrate.migrations or settings.project.compare_schema.migrations
    if migrate.fill == "prisma":
        return Ledger(kind="prisma", table=migrate.ledger, files=folder)
    if migrate.runs_migrations:
        return Ledger(kind="sql", table=migrate.ledger, files=folder)
    return None


def rivals(settings: Settings, *sides: Catalog) -> Rivals | None:
    """Return the tables that look like records of migrations, if one of several is undeclared."""
    found = {str(table.relation) for side in sides for table in alike(side)}
    known = {one.table for one in _named(settings)}
    together = sorted(found | known)
    return Rivals(tuple(together)) if found - known and len(together) > 1 else None


def told(found: Rivals, side: Catalog) -> tuple[str, ...]:
    """Return what is wrong where a side has more than one of them."""
    there = [table for name in found.tables if (table := side.table(names.relation(name)))]
    if len(there) < 2:  # noqa: PLR2004 - one is what there should be
        return ()
    each = (f"{one.relation} ({', '.join(c.name for c in one.columns)})" for one in there)
    many = f"{len(there)} tables look like the record of migrations: {'; '.join(each)}"
    return (entries.told(many, "declare those that count in [[ledgers]], and drop the others"),)


def alike(catalog: Catalog) -> tuple[Table, ...]:
    """Return the tables that a runner of migrations may have made, in the order of names."""
    return tuple(table for table in catalog.tables if table.kind == "table" and _is_alike(table))


def _named(settings: Settings) -> tuple[Ledger, ...]:
    """Return the ledgers that the project names: each by itself, or by how the target is filled."""
    found = {one.table: one for one in settings.project.ledgers}
    ours = written(settings)
    if ours is not None:
        named = found.get(ours.table, ours)
        files = named.files or ours.files
        found[ours.table] = named.model_copy(update={"files": files})
    return tuple(found.values())


def _kind(table: Table) -> Kind | None:
    columns = {column.name for column in table.columns}
    if columns == set(own.COLUMNS):
        return "sql"
    if table.relation.name == PRISMA:
        return "prisma"
    if not _is_alike(table):
        return None
    known = ((name, kind.columns) for name, kind in KINDS.items() if kind.columns)
    return next((name for name, theirs in known if theirs <= columns), None)


def _is_alike(table: Table) -> bool:
    if not _NAME.fullmatch(table.relation.name) or _LOCK.search(table.relation.name):
        return False
    columns = {column.name.lower() for column in table.columns}
    if not columns & _WHICH:
        return False
    return len(columns) == 1 or bool(columns & _ONLY) or "timestamp" in columns
