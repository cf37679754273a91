"""Do two deparsed texts, from servers of different versions, say the same?

A server stores expressions and queries as trees and spells them anew when asked.  The spelling
follows the version and, since a restore parses what a dump spelled, the history: so two texts may
differ although one came from the other.  Three spellings are known to, and only these are forgiven:

* parentheses around what needs none: `(v)::text` and `v::text`;
* a cast of an array where the other text casts its elements, as one restore does to
  `v in ('a', 'b')` on a varchar: `(array['a'::varchar])::text[]`, `array[('a'::varchar)::text]`;
* a column's table, which PostgreSQL 16 and later spell only where there is a choice.

Parentheses around operators stay: the servers set all of them, and they carry meaning.
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


@dataclass(frozen=True)
class _Group:
    """What stands between a pair of parentheses or brackets."""

    opening: str
    items: tuple[str | _Group, ...]


_Items = tuple["str | _Group", ...]


def alike(one: str, other: str) -> bool:
    """Whether two texts differ at most in the spellings named above."""
    return one == other or _same_but_for_tables(_flat(_canonical(one)), _flat(_canonical(other)))


def _same_but_for_tables(one: list[str], other: list[str]) -> bool:
    """Whether two lists of words are equal where a column's table may stand in one of them.

    A server leaves it out only where the query has a single relation to choose from.
    """
    of_one, of_other = _relations(one), _relations(other)
    i = j = 0
    while i < len(one) and j < len(other):
        if _qualifies(one, i, other[j : j + 2]) and one[i] in of_one:
            i += 2
        elif _qualifies(other, j, one[i : i + 2]) and other[j] in of_other:
            j += 2
        elif one[i] == other[j]:
            i, j = i + 1, j + 1
        else:
            return False
    return i == len(one) and j == len(other)


def _qualifies(words: list[str], at: int, far: list[str]) -> bool:
    """Whether a table and its column begin here, and over there the column alone.

    A function, a type or a table in its schema looks the same but for what stands around it.
    """
    before, after = words[at - 1] if at else "", words[at + 3 : at + 4]
    return (
        words[at + 1 : at + 3] == [".", far[0]]
        and far[1:] != ["."]
        and before not in (".", "::", "FROM", "JOIN", "ONLY")
        and after not in (["."], ["("])
    )


def _relations(words: list[str]) -> set[str]:
    """Return the names, of tables and their aliases, by which a query's columns are qualified."""
    places: set[int] = set()
    for at, word in enumerate(words):
        if word in ("FROM", "JOIN"):
            end = at + 1
            while words[end : end + 1] and words[end] in ("(", "ONLY", "LATERAL"):
                places.add(_alias(words, end))
                end += 1
            while words[end + 1 : end + 2] == ["."]:
                end += 2
            places |= {end, _alias(words, end + 1)}
    return {words[at] for at in places if at < len(words) and _is_identifier(words[at])}


def _alias(words: list[str], at: int) -> int:
    """Return the place of the alias of what begins at ``at``, if it has one."""
    end = _closing(words, at)
    return end + 2 * (words[end : end + 2] == ["WITH", "ORDINALITY"])


def _is_identifier(word: str) -> bool:
    # Deparsed names without quotes are in lower case, keywords in upper case.
    return _NAME.fullmatch(word) is not None and (word[0] == '"' or word == word.lower())


def _closing(words: list[str], at: int) -> int:
    """Return the place after the group in parentheses that begins at ``at``, if one does."""
    depth = 0
    for end in range(at, len(words)):
        depth += (words[end] == "(") - (words[end] == ")")
        if depth == 0:
            return end + 1 if end > at else at
    return at


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
    return _cast_elements(tuple(found))


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
