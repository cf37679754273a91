"""How are the tables of the target built in the database of a staged source?

By the project's migrations, as they are on the target: so that what these declare is what the
target's declarations are compared with, and each table without a query is known to be empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.errors import ToolFailed
from gatepost.migrations import apply
from gatepost.schema import programs
from gatepost.schema.programs import Program

if TYPE_CHECKING:
    from gatepost.dsn import Dsn
    from gatepost.settings import Settings


def build(settings: Settings, dsn: Dsn) -> None:
    """Build what the project's migrations build, in an empty database; nothing if it names none.

    :raises UsageError: a file of the folder may not be run.
    :raises NotMigrated: the server refused one.
    :raises ToolFailed: the project's own command failed.
    """
    command = settings.project.compare_schema.build
    folder = settings.migrations
    if folder is not None and not command:
        apply.up(dsn, folder, table=settings.project.migrate.ledger)
    elif command:
        argv = ("/bin/sh", "-c", command) if isinstance(command, str) else command
        program = Program("[schema] build", argv, dsn, settings.folder, url=True)
        done = programs.run(program)
        if done.status:
            raise ToolFailed(f"[schema] build: {done.told}")
