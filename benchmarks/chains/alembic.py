"""What SQL do the revisions of a project of Alembic's run?

Revisions that ask the database while they run have none of their own, and are left out.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from benchmarks.chains.writing import Scripts, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def scripts(folder: Path) -> Iterator[Scripts]:
    """Yield the scripts of each revision that needs no database to say what it does."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    revisions = ScriptDirectory.from_config(config)

    def rendered(act: Callable[[], None]) -> str:
        text = io.StringIO()
        context = MigrationContext.configure(
            dialect_name="postgresql",
            environment_context=EnvironmentContext(config, revisions),
            opts={"as_sql": True, "output_buffer": text, "literal_binds": True},
        )
        with Operations.context(context):
            act()
        return text.getvalue().replace("%%", "%")  # doubled for a driver

    for revision in reversed([*revisions.walk_revisions()]):
        with contextlib.suppress(AttributeError):  # it asks, and nobody answers
            up, down = rendered(revision.module.upgrade), ""
            with contextlib.suppress(Exception):  # a way back that cannot be told is none
                down = rendered(revision.module.downgrade)
            yield revision.revision, up, down


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scripts", type=Path, required=True, help="Alembic's folder of scripts")
    parser.add_argument("--path", type=Path, required=True, help="from where they import")
    parser.add_argument("--no-objects", nargs="*", default=(), help="revisions that declare none")
    given = parser.parse_args(arguments)
    sys.path.insert(0, str(given.path.resolve()))
    found = scripts((given.path / given.scripts).resolve())
    sys.stdout.write(f"{write(found, given.folder, given.no_objects)} migrations\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
