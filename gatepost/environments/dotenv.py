"""What does a file of environment variables say, as the programs read it that are told by it?

Read as Node's dotenv reads it, which Prisma, Next.js and Vite build on: `export`, comments, three
kinds of quotes over several lines, `${NAME}` of the same file.  Where programs differ is a fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gatepost.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_KEY = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][\w.-]*)[ \t]*=[ \t]*")
_QUOTED = re.compile(r"""(?P<mark>["'`])(?P<body>(?:\\.|(?!(?P=mark)).)*)(?P=mark)""", re.DOTALL)
_AFTER = re.compile(r"[ \t]*(?:#.*)?$", re.MULTILINE)
_REFERENCE = re.compile(r"\$\{(?P<key>[A-Za-z_]\w*)(?::?-(?P<default>[^}]*))?\}")
# Some replace `$NAME` too, some within single quotes as well; to some `\$` is no `$`.
_UNCLEAR = re.compile(r"\\\$|\$[A-Za-z_]")
_UNCLEAR_QUOTED = re.compile(r"\\\$|\$[A-Za-z_{]")
_DEPTH = 9  # of references to references


@dataclass(frozen=True)
class Variables:
    """What a file says; its `repr` shows keys alone.

    :param values: by key; of a key that is there twice, the last.
    :param faults: what programs read differently or not at all: lines and keys, never a value.
    """

    values: dict[str, str] = field(repr=False)
    faults: tuple[str, ...] = ()
    _literal: frozenset[str] = frozenset()

    @property
    def keys(self) -> frozenset[str]:
        """What is set."""
        return frozenset(self.values)

    @property
    def empty(self) -> frozenset[str]:
        """What is set to nothing."""
        return frozenset(key for key, value in self.values.items() if not value.strip())

    def expanded(self, key: str) -> str:
        """Return a value with `${NAME}` replaced by what the file says of that.

        :raises UsageError: it says nothing of one, they go round in a circle, or programs would
            not agree about a `$`.
        """
        return self._filled(key, key, _DEPTH)

    def _filled(self, key: str, of: str, depth: int) -> str:
        if not depth:
            raise UsageError(f"{of} refers to itself")
        value = self.values[key]

        def one(match: re.Match[str]) -> str:
            if self.values.get(match["key"]):
                return self._filled(match["key"], of, depth - 1)
            if match["default"] is None:
                raise UsageError(f"{of} refers to {match['key']}, which is not there")
            return match["default"]

        if key in self._literal:
            return _clear(key, value, _UNCLEAR_QUOTED)
        return _clear(key, _REFERENCE.sub(one, value), _UNCLEAR)


def _clear(key: str, value: str, unclear: re.Pattern[str]) -> str:
    if unclear.search(value):
        raise UsageError(
            f"{key} holds a $ that not all programs read alike",
            hint="in an address, %24 stands for it",
        )
    return value


def read(file: Path) -> Variables:
    """Return what a file says.

    :raises UsageError: it is not there, may not be read, or is no UTF-8.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot be read: byte {error.start} is no UTF-8") from None
    return parsed(text)


def parsed(text: str) -> Variables:
    """Return what a text says: `read`, without the file."""
    reading = _Reading(text.replace("\r\n", "\n"))
    reading.all()
    return Variables(reading.values, tuple(reading.faults), frozenset(reading.literal))


class _Reading:
    """How far the reading of a text has come."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.values: dict[str, str] = {}
        self.literal: set[str] = set()
        self.faults: list[str] = []
        self._lines: dict[str, int] = {}

    def all(self) -> None:
        while self.at < len(self.text):
            line = self._rest()
            found = _KEY.match(self.text, self.at)
            if found:
                self.at = found.end()
                self._assign(found["key"])
            elif line.strip() and not line.lstrip().startswith("#"):
                self._fault("is no KEY=value")
            self.at += len(self._rest()) + 1

    def _assign(self, key: str) -> None:
        if key in self._lines:
            self._fault(f"{key} was set in line {self._lines[key]} already")
        self._lines[key] = self._line()
        quoted = _QUOTED.match(self.text, self.at)
        if quoted and _AFTER.match(self.text, quoted.end()):
            self._take_quoted(key, quoted["mark"], quoted["body"])
            self.at = quoted.end()
        else:
            self._take_plain(key)

    def _take_quoted(self, key: str, mark: str, body: str) -> None:
        literal = mark == "'"
        self.values[key] = body.replace(r"\n", "\n").replace(r"\r", "\r") if mark == '"' else body
        (self.literal.add if literal else self.literal.discard)(key)

    def _take_plain(self, key: str) -> None:
        rest = self._rest()
        if rest[:1] in ("'", '"', "`"):
            self._fault(f"{key} begins with a quote that does not end with the value")
        value, mark, _ = rest.partition("#")
        if mark and value and not value[-1].isspace():
            self._fault(f"{key} holds a # outside of quotes, where some programs end the value")
        self.values[key] = value.strip()
        self.literal.discard(key)

    def _rest(self) -> str:
        """Return what is left of the line."""
        end = self.text.find("\n", self.at)
        return self.text[self.at : end if end >= 0 else len(self.text)]

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _fault(self, said: str) -> None:
        self.faults.append(f"line {self._line()}: {said}")
