"""Which statements would give a column what is said of it before?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psycopg import sql

from gatepost.names import parts
from gatepost.schema.mending import statements, widening
from gatepost.schema.mending.statements import TABLES, raw, target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.schema.declarations import Object
    from gatepost.schema.telling import Difference

    Statements = Iterator[sql.Composable]
    Attributes = dict[str, Any]

# What a column that was added still lacks.
_LATER = ("storage", "compression", "statistics target", "options", "comment")


def gone(found: Difference, before: Object, after: Object) -> Statements:
    """Add the column, empty: but for what is generated, its values are only in the archive."""
    column: Attributes = found.before
    if found.kind not in TABLES or column.get("local") is False or of_parent(before, after):
        return
    yield sql.SQL("alter table {} add column {} {}").format(
        target(found), sql.Identifier(found.name), sql.SQL(" ").join(_definition(column))
    )
    for key in _LATER:
        if key in column:
            place = replace(found, key=(key,), before=column[key], after=None)
            yield from ATTRIBUTES[key](place, before, after)


def of_parent(before: Object, after: Object) -> bool:
    """Whether an object is a partition on both sides, and so has its columns from its parent."""
    return "bound" in before.attributes and "bound" in after.attributes


def _definition(column: Attributes) -> Iterator[sql.Composable]:
    yield raw(column["type"])
    if column.get("collation"):
        yield sql.SQL("collate {}").format(sql.Identifier(*parts(column["collation"])))
    if column.get("default"):
        yield sql.SQL("default {}").format(raw(column["default"]))
    if column.get("identity"):
        yield sql.SQL("generated {} as identity").format(raw(column["identity"]))
    if column.get("generated"):
        expression, _, kind = column["generated"].rpartition(" ")
        yield sql.SQL("generated always as ({}) {}").format(raw(expression), raw(kind))
    if column.get("nullable") is False and not column.get("identity"):
        yield sql.SQL("not null")


def _altered(found: Difference, action: sql.Composable) -> sql.Composed:
    return sql.SQL("alter table {} alter column {} {}").format(
        target(found), sql.Identifier(found.name), action
    )


def _both(found: Difference, before: Object, after: Object) -> tuple[Attributes, Attributes]:
    was: Attributes = before.attributes["columns"][found.name]
    now: Attributes = after.attributes["columns"].get(found.name, was)
    return was, now


def _type(found: Difference, before: Object, after: Object) -> Statements:
    was, _ = _both(found, before, after)
    if _own(found, before, after) and widening.holds(found.before, found.after):
        yield _altered(found, _of_type(was))


def _own(found: Difference, before: Object, after: Object) -> bool:
    """Whether a column's type is its own, and may be altered."""
    return found.kind in TABLES and not of_parent(before, after)


def _of_type(column: Attributes) -> sql.Composable:
    of_type = sql.SQL("type {}").format(raw(column["type"]))
    if not column.get("collation"):
        return of_type
    collation = sql.Identifier(*parts(column["collation"]))
    return of_type + sql.SQL(" collate {}").format(collation)


def _collation(found: Difference, before: Object, after: Object) -> Statements:
    was, now = _both(found, before, after)
    if _own(found, before, after) and was["type"] == now["type"]:
        yield _altered(found, _of_type(was))


def _nullable(found: Difference, _before: Object, _after: Object) -> Statements:
    yield _altered(found, raw("drop not null" if found.before else "set not null"))


def _validated(found: Difference, _before: Object, _after: Object) -> Statements:
    if found.after is False:
        yield _altered(found, raw("set not null"))


def _default(found: Difference, before: Object, after: Object) -> Statements:
    _, now = _both(found, before, after)
    if now.get("identity") or now.get("generated"):
        return
    if found.before is None:
        yield _altered(found, raw("drop default"))
    else:
        yield _altered(found, sql.SQL("set default {}").format(raw(found.before)))


def _identity(found: Difference, before: Object, after: Object) -> Statements:
    if found.before and found.after:
        yield _altered(found, sql.SQL("set generated {}").format(raw(found.before)))
    elif found.before and not _both(found, before, after)[1].get("generated"):
        yield _altered(found, sql.SQL("add generated {} as identity").format(raw(found.before)))


def _generated(found: Difference, _before: Object, _after: Object) -> Statements:
    was, now = ((each or "").rpartition(" ") for each in (found.before, found.after))
    if was[2] == now[2] and was[0]:
        yield _altered(found, sql.SQL("set expression as ({})").format(raw(was[0])))


def _set_or_default(what: str) -> Callable[[Difference, Object, Object], Statements]:
    def statement(found: Difference, _before: Object, _after: Object) -> Statements:
        to = raw(found.before or "default")
        yield _altered(found, sql.SQL("set {} {}").format(raw(what), to))

    return statement


def _statistics(found: Difference, _before: Object, _after: Object) -> Statements:
    number = -1 if found.before is None else found.before
    yield _altered(found, sql.SQL("set statistics {}").format(sql.Literal(number)))


def _options(found: Difference, _before: Object, _after: Object) -> Statements:
    alter = sql.SQL("alter table {} alter column {}").format(
        target(found), sql.Identifier(found.name)
    )
    yield from statements.options(alter, found.before, found.after)


def _comment(found: Difference, _before: Object, _after: Object) -> Statements:
    name = sql.Identifier(*parts(found.identity), found.name)
    yield statements.commented(sql.SQL("column {}").format(name), found.before)


# What would mend each attribute; what is not here cannot be mended without looking.
ATTRIBUTES = {
    "type": _type,
    "collation": _collation,
    "nullable": _nullable,
    "not null validated": _validated,
    "default": _default,
    "identity": _identity,
    "generated": _generated,
    "storage": _set_or_default("storage"),
    "compression": _set_or_default("compression"),
    "statistics target": _statistics,
    "options": _options,
    "comment": _comment,
}


def hint(found: Difference) -> str:
    """Return what the statement for an attribute does not bring back, or needs."""
    if found.key[0] == "type":
        return "what was cut to fit is whole only in the archive"
    if found.key[0] == "identity" and not found.after:
        return "then set its sequence past the highest value"
    return "PostgreSQL 17 and later" if found.key[0] == "generated" else ""
