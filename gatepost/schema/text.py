"""How is a declaration written, so that people can read it, git compare it, and we read it back?

    public.users: table
      columns:
        id:
          nullable: false
          type: integer
      definition:
        | one line of a text
        | and the next

One attribute a line, sorted; two spaces a level.  A word is a text as it stands, unless it would
be taken for something else: then it is quoted as JSON quotes.  Lines of a longer text stand behind
a bar, elements of a list behind a dash, and a list within a list in one line, as JSON.  What is
read is what was written, whatever is in it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INDENT = "  "

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
# What a value is that is no text, no number and no list, and fits in a line.
_WORDS = frozenset({"true", "false", "null", "{}"})


class NotWritten(ValueError):
    """A line is not as `lines` would have written it.

    :param line: its number, from 1.
    """

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


@dataclass(frozen=True)
class Entry:
    """A line at the left edge with what stands below it: a key, a text, and a mapping."""

    key: str
    value: str
    below: dict[str, Any]


def lines(entry: Entry) -> Iterator[str]:
    """Yield the lines of an entry, without their ends."""
    yield f"{_key(entry.key)}: {_token(entry.value)}"
    yield from _mapping(entry.below, INDENT)


def read(written: Iterable[str], first: int = 1) -> Iterator[Entry]:
    """Yield the entries that lines hold: the inverse of `lines`.  Empty lines mean nothing.

    :param first: the number of the first line, for errors.
    :raises NotWritten: a line that `lines` never writes.
    """
    reader = _Reader(
        [(number, line) for number, line in enumerate(written, first) if line.strip(" ")]
    )
    while not reader.ended:
        yield reader.entry()


def _mapping(values: dict[str, Any], indent: str) -> Iterator[str]:
    for key in sorted(values):
        yield from _value(f"{indent}{_key(key)}:", values[key], indent + INDENT)


def _list(values: list[Any], indent: str) -> Iterator[str]:
    for value in values:
        yield from _value(f"{indent}-", value, indent + INDENT)


def _value(head: str, value: Any, indent: str) -> Iterator[str]:
    """Yield a value behind its key or dash where it fits in the line, else below it."""
    if isinstance(value, dict) and value:
        yield head
        yield from _mapping(value, indent)
    elif isinstance(value, list) and value and not (head.endswith("-") and _is_flat(value)):
        yield head
        yield from _list(value, indent)
    elif isinstance(value, str) and "\n" in value:
        yield head
        yield from (f"{indent}|{_text_line(line)}" for line in value.split("\n"))
    else:
        yield f"{head} {_token(value)}"


def _is_flat(values: list[Any]) -> bool:
    return not any(isinstance(value, (dict, list)) for value in values)


def _token(value: Any) -> str:
    if not isinstance(value, str):
        return _json(value)
    taken = value[:1] in ('"', "[") or _NUMBER.fullmatch(value) or value in _WORDS
    return _json(value) if taken or not _plain(value) else value


def _key(key: str) -> str:
    taken = key[:1] in ('"', "|", "-", "[") or ": " in key or key.endswith(":")
    return _json(key) if taken or not _plain(key) else key


def _text_line(line: str) -> str:
    if not line:
        return ""
    # Editors take blanks away from ends of lines; what cannot be seen is better seen.
    safe = line.replace("\t", "").isprintable() and line == line.rstrip()
    return f" {line}" if safe else _json(line)


def _plain(text: str) -> bool:
    return bool(text) and text.isprintable() and text == text.strip()


def _json(value: Any) -> str:
    plain = json.dumps(value, ensure_ascii=False)
    return plain if plain.isprintable() else json.dumps(value)


class _Reader:
    """Reads lines from the first to the last."""

    def __init__(self, numbered: list[tuple[int, str]]) -> None:
        self._lines = numbered
        self._at = 0

    @property
    def ended(self) -> bool:
        return self._at == len(self._lines)

    def entry(self) -> Entry:
        key, rest = self._keyed(self._taken())
        value = self._read_token(rest) if rest else None
        if not isinstance(value, str):
            raise self._wrong("has no kind")
        below = self._mapping(INDENT) if self._is_below("") else {}
        return Entry(key, value, below)

    def _taken(self) -> str:
        """Return the next line, without blanks in front of it."""
        line = self._lines[self._at][1]
        self._at += 1
        return line.lstrip(" ")

    def _depth(self) -> int:
        """Return how far the next line is from the left edge; -1 where there is none."""
        if self.ended:
            return -1
        line = self._lines[self._at][1]
        return len(line) - len(line.lstrip(" "))

    def _is_below(self, indent: str) -> bool:
        depth = self._depth()
        if depth > len(indent) and depth != len(indent) + len(INDENT):
            self._at += 1
            raise self._wrong("is not below what stands above it")
        return depth > len(indent)

    def _block(self, indent: str) -> Any:
        first = self._lines[self._at][1][len(indent) :]
        if first.startswith("|"):
            return "\n".join(self._text(indent))
        if first == "-" or first.startswith("- "):
            return list(self._list(indent))
        return self._mapping(indent)

    def _mapping(self, indent: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._depth() == len(indent):
            key, rest = self._keyed(self._taken())
            if key in found:
                raise self._wrong(f"has '{key}', which is there already")
            found[key] = self._value(rest, indent)
        self._check_end(indent)
        return found

    def _list(self, indent: str) -> Iterator[Any]:
        while self._depth() == len(indent):
            line = self._taken()
            if line != "-" and not line.startswith("- "):
                raise self._wrong("is no element of the list above it")
            yield self._value(line[2:], indent)
        self._check_end(indent)

    def _text(self, indent: str) -> Iterator[str]:
        while self._depth() == len(indent):
            line = self._taken()
            if line.startswith('|"'):
                text = self._read_token(line[1:])
            elif line == "|" or line.startswith("| "):
                text = line[2:]
            else:
                raise self._wrong("is no line of the text above it")
            yield str(text)
        self._check_end(indent)

    def _value(self, rest: str, indent: str) -> Any:
        if rest:
            return self._read_token(rest)
        if not self._is_below(indent):
            raise self._wrong("has no value")
        return self._block(indent + INDENT)

    def _check_end(self, indent: str) -> None:
        if self._depth() > len(indent):
            self._at += 1
            raise self._wrong("is not below what stands above it")

    def _keyed(self, line: str) -> tuple[str, str]:
        """Return the key of a line, and what stands behind it; empty where that is below."""
        if line.startswith('"'):
            try:
                key, end = json.JSONDecoder().raw_decode(line)
            except ValueError:
                raise self._wrong("has an unfinished quote") from None
        else:
            end = line.find(": ")
            end = end if end >= 0 else len(line) - 1
            key = line[:end]
        rest = line[end:]
        if end <= 0 or not (rest == ":" or rest.startswith(": ")):
            raise self._wrong("has no key")
        return str(key), rest[2:]

    def _read_token(self, token: str) -> Any:
        if token.startswith(('"', "[")) or token in _WORDS or _NUMBER.fullmatch(token):
            try:
                return json.loads(token)
            except ValueError:
                raise self._wrong("is not quoted as JSON quotes") from None
        return token

    def _wrong(self, what: str) -> NotWritten:
        return NotWritten(self._lines[self._at - 1][0], what)
