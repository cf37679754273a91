"""Which migration speaks of something, so that people know where to look?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gatepost.errors import UsageError
from gatepost.migrations import statements
from gatepost.names import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gatepost.migrations.chain import File
    from gatepost.migrations.statements import Statement
    from gatepost.schema.telling import Difference


def of(files: Sequence[File], place: Difference) -> str:
    """Return the name and the line of the last file that defines a place, or names it at least.

    It is told by words: a name that a server has made up is in no file.
    """
    object_, part = _bare(place), place.name if place.part else _bare(place)
    return _last(files, object_, _defined(part)) or _last(files, object_, _word(part))


def hint(files: Iterable[File], place: Difference) -> list[str]:
    """Return the line that says so, if there is one."""
    found = of(tuple(files), place)
    return [f"  hint: see {found}"] if found else []


def _last(files: Sequence[File], object_: str, part: re.Pattern[str]) -> str:
    """Return the place of the last statement that names an object and has a part of it."""
    named = _word(object_)
    for file in reversed(files):
        for statement in reversed(_statements(file)):
            found = part.search(statement.text) if named.search(statement.text) else None
            if found:
                line = statement.line + statement.text.count("\n", 0, found.start())
                return f"{file.name}, line {line}"
    return ""


def _bare(place: Difference) -> str:
    """Return the last part of an object's name, without what its arguments are."""
    named = place.identity.removeprefix(f"{place.kind} ").partition("(")[0]
    try:
        return parts(named)[-1]
    except UsageError:  # what lies in no schema may be named otherwise
        return named


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _defined(name: str) -> re.Pattern[str]:
    """Return what finds a name before a word, as before a type, and not in a list of names."""
    return re.compile(rf'(?<!\w){re.escape(name)}"?\s+\w')


def _statements(file: File) -> Sequence[Statement]:
    try:
        return statements.split(file.text).statements
    except UsageError:  # whoever runs it says what is wrong with it
        return ()
