"""Did blocks that swallow their errors do what they say?

`DO $$ … EXCEPTION WHEN OTHERS THEN NULL … $$` ends well whatever became of it, on the target as on
an empty database, so that comparing the two tells nothing.  What such a block adds or makes is read
from its text, and must be there once its file ran.  One that swallows `duplicate_object` and its
like alone keeps its word by that.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.errors import UsageError
from gatepost.migrations import statements
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.migrations.chain import File
    from gatepost.migrations.statements import Statement

_HANDLERS = re.compile(r"\bexception\s+when\b.*", re.IGNORECASE | re.DOTALL)
_HANDLED = re.compile(r"\b(?:when|or)\s+(?!duplicate_)[a-z_]+", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\r\n]*|/\*.*?\*/", re.DOTALL)
_NAME = r"""(?:(?:"[^"]+"|[a-z_]\w*)\s*\.\s*)?(?:"(?P<quoted>[^"]+)"|(?P<plain>[a-z_]\w*))"""
_UNLESS = r"(?:if\s+not\s+exists\s+)?"
_PROMISES = {
    "value": rf"\badd\s+value\s+{_UNLESS}'(?P<quoted>[^']+)'(?P<plain>)",
    "column": rf"\badd\s+column\s+{_UNLESS}{_NAME}",
    "constraint": rf"\badd\s+constraint\s+{_NAME}",
    "relation": r"\bcreate\s+(?:unique\s+)?(?:table|index|view|sequence)\s+(?:concurrently\s+)?"
    rf"{_UNLESS}(?!on\b){_NAME}",
    "type": rf"\bcreate\s+(?:type|domain)\s+{_NAME}",
}
_OWNER = re.compile(
    rf"\balter\s+(?:table|type|domain)\s+(?:if\s+exists\s+)?(?:only\s+)?{_NAME}", re.IGNORECASE
)
_PATTERNS = {what: re.compile(pattern, re.IGNORECASE) for what, pattern in _PROMISES.items()}


def broken(made: Dsn, file: File) -> tuple[str, ...]:
    """Return what blocks of a file were to add and did not, with the line; it has just run."""
    promised = list(_promised(file))
    if not promised:
        return ()
    with contextlib.closing(database.read_only(made, label="scratch")) as conn:
        there = set(database.rows(conn, question("promised_names")))
    return tuple(
        f"{file.name}, line {line}: {what} {name} is not there once it ran: it swallows its errors"
        for line, what, owner, name in promised
        if not _kept(there, what, owner, name)
    )


def _kept(there: set[tuple[str, str, str]], what: str, owner: str, name: str) -> bool:
    """Whether a thing is there; where what it is of is not known, or not there, of anything."""
    known = owner and owner in {of for _, of, _ in there}
    if known:
        return (what, owner, name) in there
    return (what, name) in {(kind, called) for kind, _, called in there}


def _promised(file: File) -> Iterator[tuple[int, str, str, str]]:
    for statement in _blocks(file):
        text = _COMMENT.sub(_blank, statement.text)
        for what, pattern in _PATTERNS.items():
            for found in pattern.finditer(text):
                line = statement.line + text.count("\n", 0, found.start())
                owner = _owner(text[: found.start()])
                yield line, what, owner, _named(found)


def _owner(text: str) -> str:
    """Return what the statement alters that a text breaks off in; empty where it does not tell."""
    found = list(_OWNER.finditer(text.rpartition(";")[2]))
    return _named(found[-1]) if found else ""


def _named(found: re.Match[str]) -> str:
    return found["quoted"] or found["plain"].lower()


def _blocks(file: File) -> Iterator[Statement]:
    try:
        found = statements.split(file.text).statements
    except UsageError:  # whoever runs it says what is wrong with it
        return
    yield from (one for one in found if one.begins("do") and _swallows(one.text))


def _swallows(text: str) -> bool:
    handlers = _HANDLERS.search(text)
    return handlers is not None and _HANDLED.search(handlers[0]) is not None


def _blank(comment: re.Match[str]) -> str:
    """Return as many lines as a comment has, so that those after it keep their number."""
    return "\n" * comment[0].count("\n")
