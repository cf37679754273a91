"""Which type does a declaration name, and what becomes of values when it changes?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatepost.linting.parsing import Node
    from gatepost.schema import catalog

SYSTEM = "pg_catalog"
_MODIFIERS = re.compile(r"\((\d+)(?:,\s*(-?\d+))?\)")
# Not types but ways to write a column; what it is then.
SERIAL = {
    "smallserial": "int2",
    "serial2": "int2",
    "serial": "int4",
    "serial4": "int4",
    "bigserial": "int8",
    "serial8": "int8",
}
# Of these the first modifier is a limit, and none stands for no limit.
_LIMITED = frozenset({"varchar", "varbit", "timestamp", "timestamptz", "time", "timetz"})
# From one to the other the server changes nothing but the catalog.
_ALIKE = frozenset({("varchar", "text"), ("text", "varchar"), ("cidr", "inet")})
_INTEGERS = ("int2", "int4", "int8")
# Values of the first that the second does not hold are rounded or cut, and no error says so.
_ROUNDS = frozenset(
    {
        *((one, to) for one in ("numeric", "float4", "float8") for to in _INTEGERS),
        ("float8", "float4"),
        ("numeric", "float4"),
        ("numeric", "float8"),
        *((one, to) for one in ("timestamp", "timestamptz") for to in ("date", "time")),
        ("timetz", "time"),
    }
)
# How many digits a moment's seconds have where no modifier says so.
_DIGITS = 6


@dataclass(frozen=True)
class Type:
    """A type as a column is declared with it.

    :param name: `schema.typname`, with an underscore before the name of an array's elements; empty
        where nobody can tell.
    :param modifiers: as in `numeric(12, 2)`.
    """

    name: str
    modifiers: tuple[int, ...] = ()

    @property
    def plain(self) -> str:
        """The name of one of the server's own types, without its schema; else empty."""
        schema, _, name = self.name.partition(".")
        return name if schema == SYSTEM else ""

    def __str__(self) -> str:
        shown = self.plain or self.name
        return f"{shown}({', '.join(map(str, self.modifiers))})" if self.modifiers else shown


UNKNOWN = Type("")


def of_column(column: catalog.Column) -> Type:
    """Return the type of a column that is there; of a domain, what is at its bottom."""
    found = _MODIFIERS.search(column.type)
    if found is None or not column.base.startswith(f"{SYSTEM}."):
        return Type(column.base)
    return Type(column.base, tuple(int(one) for one in found.groups() if one is not None))


def written(node: Node) -> tuple[str, ...]:
    """Return the name of a `TypeName` as it is written, of one part or two; arrays have theirs."""
    parts = tuple(one.sval for one in node.names)
    return (*parts[:-1], f"_{parts[-1]}") if node.arrayBounds else parts


def modifiers(node: Node) -> tuple[int, ...]:
    """Return the modifiers of a `TypeName`, as far as they are numbers."""
    found = (getattr(getattr(one, "val", None), "ival", None) for one in node.typmods or ())
    return tuple(one for one in found if one is not None)


def rewrites(old: Type, new: Type) -> bool:
    """Whether the server writes every row anew where a column's type becomes another."""
    if (old.plain, new.plain) in _ALIKE:
        return bool(new.modifiers)
    if old.name != new.name:
        return bool(old.name and new.name)
    return old.modifiers != new.modifiers and not _widens(old, new)


def _widens(old: Type, new: Type) -> bool:
    """Whether other modifiers of the same type take every value as it is stored."""
    if old.plain == "numeric" and old.modifiers and new.modifiers:
        return _scale(new) == _scale(old) and new.modifiers[0] >= old.modifiers[0]
    limited = old.plain in _LIMITED or old.plain == "numeric"
    if not new.modifiers:
        return limited
    return limited and bool(old.modifiers) and new.modifiers[0] >= old.modifiers[0]


def rounds(old: Type, new: Type) -> bool:
    """Whether values may become others without an error; where they do not fit, there is one."""
    if (old.plain, new.plain) in _ROUNDS:
        return True
    if old.plain == new.plain == "numeric" and new.modifiers:
        return not old.modifiers or _scale(new) < _scale(old)
    moments = ("timestamp", "timestamptz", "time", "timetz")
    if old.plain in moments and new.plain in moments:
        return _digits(new) < _digits(old)
    return False


def _scale(of: Type) -> int:
    return of.modifiers[1] if len(of.modifiers) > 1 else 0


def _digits(of: Type) -> int:
    return of.modifiers[0] if of.modifiers else _DIGITS
