"""Where does one statement of a file of SQL end, and the next begin?

By the rules of the manual's chapter "Lexical Structure", and as psql reads files: a semicolon ends
a statement unless it stands in a text, a name, a comment, a dollar quote, parentheses, or the
`begin atomic … end` of a function.  Nothing is understood beyond that, and nothing is changed: the
statements are pieces of the file.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Blanks with a line's end among them join two texts to one; the second escapes as the first does.
_JOINED = r"(?:[ \t\f]|--[^\r\n]*)*[\r\n](?:\s|--[^\r\n]*[\r\n])*"
# Without a step back: a text of megabytes would be remembered letter by letter.
_ESCAPED = r"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'"
_TOKEN = re.compile(
    rf"""
      (?P<space>\s+)
    | (?P<comment>--[^\r\n]*)
    | (?P<block>/\*)
    | (?P<text>[eE]{_ESCAPED}(?:{_JOINED}{_ESCAPED})* | '[^']*+(?:''[^']*+)*+')
    | (?P<name>"[^"]*+(?:""[^"]*+)*+")
    | (?P<dollars>\$(?P<tag>(?:[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)?)\$.*?\$(?P=tag)\$)
    | (?P<word>[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*)
    | (?P<number>\$?\d+ | [\d,.=<>+*%^&|~!?@:\[\]]+)
    | (?P<open>['"]|\$(?:[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)?\$)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK_EDGE = re.compile(r"/\*|\*/")
# What can hold a body of statements is known by its first words.
_ROUTINE = re.compile(r"create (or replace )?(function|procedure)\b")


@dataclass(frozen=True)
class Statement:
    """One statement of a file, without what stands before it.

    :param line: of the file, from 1, at which it begins.
    :param words: outside of parentheses, in lower case; names in quotes are none.
    """

    text: str
    line: int
    words: tuple[str, ...]

    def begins(self, *words: str) -> bool:
        """Whether these are its first words."""
        return self.words[: len(words)] == words


@dataclass(frozen=True)
class Comment:
    """What a file says to people: all between the dashes and the end of the line."""

    text: str
    line: int


@dataclass(frozen=True)
class Parts:
    """Of what a file of SQL consists."""

    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...]


@lru_cache(maxsize=512)
def split(text: str) -> Parts:
    """Return the statements of a file, and its comments that end with their line.

    Seconds for millions of values to insert, and once in a process, as files are read often.

    :raises UsageError: a text, name, quote or comment has no end, or psql is spoken to.
    """
    reader = _Reader(text)
    for kind, piece, at in _tokens(text):
        reader.take(kind, piece, at)
    reader.end(len(text))
    return Parts(tuple(reader.statements), tuple(reader.comments))


@dataclass
class _Reader:
    """Puts tokens together to statements."""

    whole: str
    statements: list[Statement] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    _begins: int | None = None
    _words: list[str] = field(default_factory=list)
    _parentheses: int = 0
    _bodies: int = 0

    def take(self, kind: str, piece: str, at: int) -> None:
        if kind == "comment":
            self.comments.append(Comment(piece.removeprefix("--").strip(), self._line(at)))
        if kind in ("space", "comment", "block"):
            return
        if kind == "sign" and piece == ";" and not self._parentheses and not self._bodies:
            self.end(at + 1)
            return
        if self._begins is None:
            self._begins = at
        if kind == "word" and not self._parentheses:
            self._word(piece.lower())
        elif kind == "sign":
            self._sign(piece, at)

    def end(self, at: int) -> None:
        """End the statement before a place, where one has begun."""
        if self._begins is not None:
            text, line = self.whole[self._begins : at], self._line(self._begins)
            self.statements.append(Statement(text, line, tuple(self._words)))
        self._begins, self._words, self._parentheses, self._bodies = None, [], 0, 0

    def _word(self, word: str) -> None:
        self._words.append(word)
        if word not in ("begin", "case", "end") or not _ROUTINE.match(" ".join(self._words[:4])):
            return
        if word == "end":
            self._bodies = max(0, self._bodies - 1)
        elif word == "begin" or self._bodies:
            self._bodies += 1

    def _sign(self, sign: str, at: int) -> None:
        if sign == "\\":
            raise UsageError(
                f"line {self._line(at)}: a command of psql's own, which is no SQL",
                hint="write SQL only; several files take the place of \\i",
            )
        if sign in "()":
            self._parentheses = max(0, self._parentheses + (1 if sign == "(" else -1))

    def _line(self, at: int) -> int:
        return bisect.bisect_right(self._ends, at - 1) + 1

    @cached_property
    def _ends(self) -> list[int]:
        """Where lines end."""
        return [found.start() for found in re.finditer("\n", self.whole)]


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # any sign is one
        kind = str(match.lastgroup)
        if kind == "open":
            raise UsageError(f"{_place(text, at)}: what begins with {match[0]} has no end")
        end = _block_end(text, at) if kind == "block" else match.end()
        yield kind, text[at:end], at
        at = end


def _block_end(text: str, at: int) -> int:
    """Return where a comment of several lines ends; unlike in C, one may hold others."""
    depth = 0
    for edge in _BLOCK_EDGE.finditer(text, at):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    raise UsageError(f"{_place(text, at)}: what begins with /* has no end")


def _place(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}"
