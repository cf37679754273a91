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
    """Return the name and the line of the last file that names a place; empty if none does.

    It is told by words: a name that a server has made up is in no file.
    """
    names = [_bare(place), *([place.name] if place.part else [])]
    for file in reversed(files):
        for statement in reversed(_statements(file)):
            found = [_word(name).search(statement.text) for name in names]
            if all(found) and (last := found[-1]):
                line = statement.line + statement.text.count("\n", 0, last.start())
                return f"{file.name}, line {line}"
    return ""


def hint(files: Iterable[File], place: Difference) -> list[str]:
    """Return the line that says so, if there is one."""
    found = of(tuple(files), place)
    return [f"  hint: see {found}"] if found else []


def _bare(place: Difference) -> str:
    """Return the last part of an object's name, without what its arguments are."""
    named = place.identity.removeprefix(f"{place.kind} ").partition("(")[0]
    try:
        return parts(named)[-1]
    except UsageError:  # what lies in no schema may be named otherwise
        return named


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _statements(file: File) -> Sequence[Statement]:
    try:
        return statements.split(file.text).statements
    except UsageError:  # whoever runs it says what is wrong with it
        return ()
