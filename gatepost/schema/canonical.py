"""What does a deparsed text say, without the spellings that mean nothing?

Words, and groups in parentheses and brackets: those that group without need are taken out, casts of
arrays become casts of their elements, and a constant's name that its type gave it is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"""
      [Ee]'(?:[^'\\]|''|\\.)*'          # a string with escapes
    | (?:[BbXxNn]|[Uu]&)?'(?:[^']|'')*'
    | (?:[Uu]&)?"(?:[^"]|"")*"          # a quoted name
    | \d+(?:\.\d+)?(?:[eE][+-]?\d+)?
    | \w+
    | ::
    | [-+*/<>=~!@\#%^&|`?]+             # an operator
    | \S
    """,
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(r'\w+|"(?:[^"]|"")*"')
_CLOSING = {"(": ")", "[": "]"}
# After these words a parenthesis groups; after any other name it holds arguments.
_BEFORE_A_GROUP = frozenset(
    ("AND", "OR", "NOT", "WHERE", "WHEN", "THEN", "ELSE", "CASE", "SELECT", "DISTINCT", "ON")
) | frozenset(
    ("HAVING", "BY", "LIKE", "ILIKE", "BETWEEN", "IS", "FROM", "RETURN", "CHECK", "DEFAULT", "IF")
)
# Types of more than one word, by the word that goes on.
_TYPE_GOES_ON = frozenset(("varying", "precision", "with", "without", "time", "zone"))
# These take FROM between their arguments, and mean no table by it.
_FROM_WITHIN = frozenset(("EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "POSITION"))
# The names of types that SQL spells otherwise.
_CALLED = {
    "character varying": "varchar",
    "character": "bpchar",
    "integer": "int4",
    "bigint": "int8",
    "smallint": "int2",
    "boolean": "bool",
    "double precision": "float8",
    "real": "float4",
    "bit varying": "varbit",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    "time with time zone": "timetz",
}


@dataclass(frozen=True)
class _Group:
    """What stands between a pair of parentheses or brackets."""

    opening: str
    items: tuple[str | _Group, ...]


_Items = tuple["str | _Group", ...]


def words(text: str) -> list[str]:
    """Return the words of a text that carry its meaning, in their order."""
    return _flat(_canonical(text))


def is_name(word: str) -> bool:
    """Whether a word is a name or a keyword, quoted or not."""
    return _NAME.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def _canonical(text: str) -> _Items:
    words = _TOKEN.findall(text)
    items, rest = _grouped(words, 0)
    return _plain(items) if rest == len(words) else tuple(words)


def _grouped(words: list[str], at: int) -> tuple[_Items, int]:
    items: list[str | _Group] = []
    while at < len(words) and words[at] not in (")", "]"):
        if words[at] in _CLOSING:
            inner, end = _grouped(words, at + 1)
            items.append(_Group(words[at], inner))
            at = end + 1
        else:
            items.append(words[at])
            at += 1
    return tuple(items), at


def _plain(items: _Items) -> _Items:
    """Return the items without needless parentheses and with casts pushed into arrays."""
    found: list[str | _Group] = []
    for at, item in enumerate(items):
        if isinstance(item, str):
            found.append(item)
            continue
        inner = _plain(item.items)
        if found and found[-1] in _FROM_WITHIN:
            inner = tuple("from" if word == "FROM" else word for word in inner)
        after = items[at + 1] if at + 1 < len(items) else ""
        if item.opening == "(" and _groups(found) and _stands_alone(inner, after):
            found.extend(inner)
        else:
            found.append(_Group(item.opening, inner))
    return _unnamed(_cast_elements(tuple(found)))


def _groups(before: list[str | _Group]) -> bool:
    """Whether a parenthesis after these items groups, and does not hold arguments."""
    if not before:
        return True
    last = before[-1]
    if last == "ON" and before[-2:-1] == ["DISTINCT"]:
        return False
    return isinstance(last, str) and (last in _BEFORE_A_GROUP or not _NAME.fullmatch(last))


def _stands_alone(inner: _Items, after: str | _Group) -> bool:
    """Whether items are one operand, so that parentheses around them change nothing.

    `(a).b` and `(a)[1]` pick a part of `a`: there the parentheses say what `a` is.
    """
    if after == "." or (isinstance(after, _Group) and after.opening == "["):
        return False
    return bool(inner) and _operand(inner, 0) == len(inner)


def _operand(items: _Items, at: int) -> int:
    """Return where the operand that begins at ``at`` ends; ``at`` if none does."""
    first = items[at]
    if isinstance(first, _Group):
        end = at + 1
    elif first == "ARRAY" or not _is_word(first):
        end = at + 2 if first == "ARRAY" else at + _is_value(first)
    else:
        end = _name(items, at)
        if end < len(items) and isinstance(items[end], _Group) and first not in _BEFORE_A_GROUP:
            end += 1
    while end > at and end < len(items) and items[end] == "::":
        end = _type(items, end + 1)
    return end


def _is_word(item: str | _Group) -> bool:
    return isinstance(item, str) and _NAME.fullmatch(item) is not None


def _is_value(item: str | _Group) -> bool:
    return isinstance(item, str) and ("'" in item or item[0].isdigit())


def _name(items: _Items, at: int) -> int:
    end = at + 1
    while end + 1 < len(items) and items[end] == "." and _is_word(items[end + 1]):
        end += 2
    return end


def _type(items: _Items, at: int) -> int:
    """Return where the name of a type that begins at ``at`` ends, modifiers and `[]` included."""
    if at >= len(items):
        return at
    end = _name(items, at)
    while end < len(items):
        item = items[end]
        if not isinstance(item, _Group) and item not in _TYPE_GOES_ON:
            break
        end += 1
    return end


def _unnamed(items: _Items) -> _Items:
    """Return the items without the name that a constant has from the type it is cast to.

    `exists (select 'x')` is dumped as `SELECT 'x'::text`, which a restore calls `text`.
    """
    found: list[str | _Group] = []
    at = 0
    while at < len(items):
        end = max(_operand(items, at), at + 1) if _is_value(items[at]) else at + 1
        found.extend(items[at:end])
        named = end > at + 1 and items[end : end + 1] == ("AS",)
        at = end + 2 if named and _is_named_by_type(items[at + 2 : end], items[end + 1]) else end
    return tuple(found)


def _is_named_by_type(cast: _Items, name: str | _Group) -> bool:
    words = [word for word in cast if isinstance(word, str)]
    spelled = " ".join(words)
    return isinstance(name, str) and name.strip('"') == _CALLED.get(spelled, words[-1].strip('"'))


def _cast_elements(items: _Items) -> _Items:
    """Return the items with `ARRAY[a, b]::t[]` written as `ARRAY[a::t, b::t]`."""
    found: list[str | _Group] = []
    at = 0
    while at < len(items):
        item = items[at]
        found.append(item)
        at += 1
        if item != "ARRAY" or at >= len(items) or not isinstance(items[at], _Group):
            continue
        array = items[at]
        assert isinstance(array, _Group)
        at += 1
        while at < len(items) and items[at] == "::":
            end = _type(items, at + 1)
            if items[end - 1] != _Group("[", ()):
                break
            array = _Group("[", _each_cast(array.items, items[at + 1 : end - 1]))
            at = end
        found.append(array)
    return tuple(found)


def _each_cast(elements: _Items, to: _Items) -> _Items:
    found: list[str | _Group] = []
    element: list[str | _Group] = []
    for item in (*elements, ","):
        if item != ",":
            element.append(item)
            continue
        if element:
            alone = _operand(tuple(element), 0) == len(element)
            found.extend(element if alone else [_Group("(", tuple(element))])
            found.extend(("::", *to, ","))
        element = []
    return tuple(found[:-1])


def _flat(items: _Items) -> list[str]:
    found: list[str] = []
    for item in items:
        if isinstance(item, _Group):
            found += [item.opening, *_flat(item.items), _CLOSING[item.opening]]
        else:
            found.append(item)
    return found
