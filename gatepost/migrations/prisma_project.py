"""By which variables is a Prisma project told where its database is?

A schema may name two, and what migrates goes by the second: who sets the first alone sends a trial
to whatever database the other one means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USUAL = "DATABASE_URL"

# One that begins a line; behind something, two slashes may be those of an address.
_COMMENT = re.compile(r"^\s*//[^\n]*", re.MULTILINE)
_IN_SCHEMA = re.compile(
    r"""^\s*(?P<key>url|directUrl)\s*=\s*(?:env\(\s*"(?P<name>\w+)"\s*\)|"(?P<literal>[^"]*)")""",
    re.MULTILINE,
)
_IN_CONFIG = re.compile(
    r"""\b(?P<key>url|directUrl)["']?\s*:\s*
    (?:env(?:<\w+>)?\(\s*["'](?P<name>\w+)["']\s*\)
    |process\.env(?:\.(?P<dotted>\w+)|\[["'](?P<quoted>\w+)["']\])
    |["'`](?P<literal>[^"'`]*)["'`])""",
    re.VERBOSE,
)
_NAMES = ("name", "dotted", "quoted")


def variables(project: Path, migrations: Path) -> tuple[str, ...]:
    """Return the names of all variables that lead to the database, the usual one first.

    :param project: where a `prisma.config.ts` would be.
    :param migrations: the folder of the migrations; the schema lies beside it.
    :raises UsageError: an address is written out: whatever it is told, Prisma would go there.
    """
    found = [USUAL]
    for file, pattern in _declared(project, migrations):
        text = _COMMENT.sub("", file.read_text(encoding="utf-8", errors="replace"))
        for match in pattern.finditer(text):
            told = match.groupdict()
            if told["literal"] is not None:
                raise UsageError(
                    f"{file.name}: {told['key']} is written out there, and Prisma would change that"
                    " database, whatever it is told",
                    hint=f'{told["key"]} from the environment: env("{USUAL}")',
                )
            found.append(next(told[key] for key in _NAMES if told.get(key)))
    return tuple(dict.fromkeys(found))


def _declared(project: Path, migrations: Path) -> Iterator[tuple[Path, re.Pattern[str]]]:
    for folder in dict.fromkeys((migrations.parent, migrations.parent / "schema", project)):
        for file in sorted(folder.glob("*.prisma")):
            yield file, _IN_SCHEMA
    for file in sorted((*project.glob("prisma.config.*"), *project.glob(".config/prisma.*"))):
        yield file, _IN_CONFIG
