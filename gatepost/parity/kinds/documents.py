"""How do two JSON documents differ, and at which key?"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gatepost.parity.kinds import numbers, text
from gatepost.parity.kinds.values import A_VALUE, ANOTHER, Difference, Pair, contrast

if TYPE_CHECKING:
    from collections.abc import Iterator

_EMPTY = {"{}": "{}", "[]": "[]", "null": "json null", '""': "''"}
# A key that reads like a field's name is one; what does not may be data: an address, an id.
_NAME = re.compile(r"[A-Za-z_$-]{1,40}\d{0,2}")
_NUMBER = (int, Decimal)
_NUMBERED = re.compile(r"\[\d+\]")


class _Object(tuple[tuple[str, Any], ...]):
    """The members of a JSON object in their order, keys that come twice included."""

    __slots__ = ()


def word(text: str) -> str:
    """Return what a document that holds nothing is called."""
    return _EMPTY.get(text.strip(), A_VALUE)


def told(pair: Pair) -> Difference:
    """Return how two documents of json or jsonb differ; the first difference, and how many more.

    Written otherwise but equal, which json alone can be, is told as that.
    """
    empty = contrast(pair, word)
    if empty is not None:
        return empty
    if not pair.whole:
        return text.told(pair)
    try:
        was, now = _read(pair.was), _read(pair.now)
        found = list(_differences(was, now, ""))
    except (ValueError, RecursionError):  # numbers too long, brackets too deep for Python
        return text.told(pair)
    if not found:
        return _written(pair, was, now)
    more = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
    return Difference(found[0].kind, f"{found[0].place}{more}")


def differences(was: str, now: str) -> tuple[Difference, ...]:
    """Return all that differs in value between two documents; what is only written otherwise, not.

    Places are keys without the numbers of elements, `key members[].role`, so that what happened to
    every element of a list is said once.

    :raises ValueError: a number is too long, or brackets too deep for Python.
    """
    try:
        found = _differences(_read(was), _read(now), "")
        return tuple(
            dict.fromkeys(Difference(one.kind, _NUMBERED.sub("[]", one.place)) for one in found)
        )
    except RecursionError:
        raise ValueError("brackets are too deep") from None


def canonical(text: str) -> str:
    """Return a text that two documents share if they are equal in value, and no others.

    :raises ValueError: a number is too long, or brackets too deep for Python.
    """
    try:
        return _canonical(_read(text))
    except RecursionError:
        raise ValueError("brackets are too deep") from None


def keys(text: str) -> frozenset[str]:
    """Return every key of a document as `differences` calls it: `settings.theme`.

    :raises ValueError: a number is too long, or brackets too deep for Python.
    """
    try:
        return frozenset(_paths(_read(text), ""))
    except RecursionError:
        raise ValueError("brackets are too deep") from None


def _paths(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, _Object):
        for key, member in value:
            yield _joined(path, key)
            yield from _paths(member, _joined(path, key))
    elif isinstance(value, list):
        for member in value:
            yield from _paths(member, f"{path}[]")


def _read(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_Object)


def _differences(was: Any, now: Any, path: str) -> Iterator[Difference]:
    """Yield what differs in value, in the order of the document before."""
    if isinstance(was, _Object) and isinstance(now, _Object):
        yield from _of_objects(was, now, path)
    elif isinstance(was, list) and isinstance(now, list):
        yield from _of_lists(was, now, path)
    elif type(was) is not type(now) and not _both_numbers(was, now):
        yield Difference(_of_types(was, now), _place(path))
    elif was != now:
        yield _of_scalars(was, now, path)


def _of_objects(was: _Object, now: _Object, path: str) -> Iterator[Difference]:
    before, after = dict(was), dict(now)
    for key, value in before.items():
        if key not in after:
            yield Difference("key lost", _place(_joined(path, key)))
        elif not (isinstance(value, str) and value == after[key]):  # as most are
            yield from _differences(value, after[key], _joined(path, key))
    for key in after:
        if key not in before:
            yield Difference("key new", _place(_joined(path, key)))


def _of_lists(was: list[Any], now: list[Any], path: str) -> Iterator[Difference]:
    if repr(was) == repr(now):  # quick, and exact as == is not, to which true is 1
        return
    texts = [Counter(map(_canonical, side)) for side in (was, now)]
    if was != now and texts[0] == texts[1]:
        yield Difference("array order changed", _place(path))
    elif len(was) > len(now) and texts[1] <= texts[0]:
        yield Difference("element lost", _place(path))
    elif len(was) < len(now) and texts[0] <= texts[1]:
        yield Difference("element new", _place(path))
    elif len(was) != len(now):
        yield Difference("another number of elements", _place(path))
    else:
        for at, (a, b) in enumerate(zip(was, now, strict=True), start=1):
            yield from _differences(a, b, f"{path}[{at}]")


def _canonical(value: Any) -> str:
    """Return a text that equal values share, whatever the order of their keys."""
    if isinstance(value, _Object):
        members = sorted((key, _canonical(member)) for key, member in dict(value).items())
        return f"{{{members}}}"
    if isinstance(value, list):
        return f"[{[_canonical(member) for member in value]}]"
    if isinstance(value, _NUMBER) and not isinstance(value, bool):
        return str(Decimal(value).normalize())
    return repr(value)


def _both_numbers(was: Any, now: Any) -> bool:
    return all(isinstance(v, _NUMBER) and not isinstance(v, bool) for v in (was, now))


def _of_types(was: Any, now: Any) -> str:
    if isinstance(now, str) and _again(now) == was:
        return "JSON encoded twice"
    if isinstance(was, str) and _again(was) == now:
        return "JSON in a text resolved"
    return f"{_type(was)} before, {_type(now)} after"


def _again(text: str) -> Any:
    """Return the object or list that a text holds as JSON; the text itself if it holds none."""
    try:
        value = _read(text)
    except ValueError:
        return text
    return value if isinstance(value, (_Object, list)) else text


def _of_scalars(was: Any, now: Any, path: str) -> Difference:
    if isinstance(was, bool):
        words = ("false", "true")
        return Difference(f"{words[was]} before, {words[now]} after", _place(path))
    tell = text.told if isinstance(was, str) else numbers.told
    found = tell(Pair.of(str(was), str(now)))
    kind = "value changed" if found.kind == ANOTHER else f"value changed: {found.kind}"
    return Difference(kind, _place(path))


def _type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, _NUMBER):
        return "number"
    if isinstance(value, str):
        return "text"
    return "array" if isinstance(value, list) else "object"


def _written(pair: Pair, was: Any, now: Any) -> Difference:
    """Tell two texts apart that hold the same values."""
    twice = [_repeats(side) for side in (was, now)]
    if twice[0] != twice[1]:
        return Difference(f"duplicate keys {'lost' if twice[0] > twice[1] else 'new'}")
    if list(_keys(was)) != list(_keys(now)):
        return Difference("key order changed")
    bare = ["".join(text.split()) for text in (pair.was, pair.now)]
    if bare[0] == bare[1]:
        return Difference("white space between tokens changed")
    if "\\" in pair.was or "\\" in pair.now:
        return Difference("escapes written another way", pair.place)
    return Difference("number written another way", pair.place)


def _repeats(value: Any) -> int:
    """Return how many keys there are too many."""
    if isinstance(value, _Object):
        return len(value) - len(dict(value)) + sum(_repeats(member) for _, member in value)
    return sum(map(_repeats, value)) if isinstance(value, list) else 0


def _keys(value: Any) -> Iterator[str]:
    """Yield the keys of all objects in the order they are written in."""
    if isinstance(value, _Object):
        for key, member in value:
            yield key
            yield from _keys(member)
    elif isinstance(value, list):
        for member in value:
            yield from _keys(member)


def _joined(path: str, key: str) -> str:
    shown = key if _NAME.fullmatch(key) else "…"
    return f"{path}.{shown}" if path else shown


def _place(path: str) -> str:
    if path.startswith("["):
        return f"element {path}"
    return f"key {path}" if path else "the top"
