"""What do the storage parameters of a relation say, whatever way somebody typed them?

The server keeps a parameter as it was typed, and so does pg_dump: `on` stays `on`, `70.0` stays
`70.0`.  A script that says `true` or `70` instead declares the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gatepost.schema.configuration import setting_values

if TYPE_CHECKING:
    from collections.abc import Iterable

Attributes = dict[str, Any]

# Only of these `1` is a yes: an access method of an extension may have numbers of its own.
_SWITCHES = frozenset(
    {"autovacuum_enabled", "vacuum_truncate", "vacuum_index_cleanup", "user_catalog_table"}
    | {"security_barrier", "security_invoker"}
    | {"fastupdate", "deduplicate_items", "autosummarize", "buffering"}
)
_SPOKEN = {"on": "true", "off": "false"}
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_LISTS = ("options", "toast options")
_DEFINITIONS = ("definition", "index")
# Of an index: behind its columns, and before its predicate.
_WITH = re.compile(r"(?<= WITH \()[^()]+(?=\))")
_GIVEN = re.compile(r"(\w+)='?([^',]+)'?")


def settled(attributes: Attributes) -> Attributes:
    """Return what is said of a relation, a column, a constraint or an index, in one spelling."""
    found = dict(attributes)
    for key in _LISTS:
        if isinstance(found.get(key), list):
            found[key] = _options(found[key])
    for key in _DEFINITIONS:
        if isinstance(found.get(key), str):
            found[key] = _WITH.sub(_given, found[key], count=1)
    return found


def _options(options: Iterable[str]) -> list[str]:
    told = (option.partition("=") for option in options)
    return [f"{name}={_value(name, value)}" for name, _, value in told]


def _given(clause: re.Match[str]) -> str:
    return _GIVEN.sub(lambda one: f"{one[1]}='{_value(one[1], one[2])}'", clause[0])


def _value(name: str, value: str) -> str:
    if name in _SWITCHES:
        shown = setting_values.shown(name, value, "bool", "")
        return _SPOKEN.get(shown, shown)
    return f"{float(value):.15g}" if _NUMBER.fullmatch(value) else value
