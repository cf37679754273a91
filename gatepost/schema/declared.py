"""What of two schemas and their rights did the project say is to be compared, and how?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gatepost.record import Command, Record


class Schema(Record):
    """How declarations are compared.

    Patterns are of the shell's kind (`*`, `?`, `[…]`).  `audit.*` stands for whatever has such a
    name, `function audit.*` for the functions among it: `gatepost.schema.selection`.

    :param only: what is compared, all of it where nothing is said.
    :param leave_out: what is not, and is told as not planned.
    :param strict_names: another name of the same constraint or index is a finding, not a note.
    :param migrations: a folder of what built the database, to be built once more on a scratch
        server: what both sides have against it was not lost in the move.
    :param build: a command that runs these migrations against `DATABASE_URL`; without it, the
        folder's SQL files are run in the order of their names.
    :param scratch: the address of a server on which databases may be made and dropped, where no
        embedded one is at least as new as both sides.
    """

    only: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    strict_names: bool = False
    migrations: str = ""
    build: Command = ()
    scratch: str = Field(default="", repr=False)


class Privileges(Record):
    """Whose the objects are, and who may do what.

    :param roles: by role before, the role that it is after.
    :param owners: whether another owner than that is a finding, or a note, as after a restore
        with --no-owner.
    :param grants: the same of grants, as after a restore with --no-privileges.
    """

    roles: dict[str, str] = Field(default_factory=dict)
    owners: Literal["finding", "note"] = "finding"
    grants: Literal["finding", "note"] = "finding"
