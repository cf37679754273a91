"""Into what are faults planted?  A copy of the project, production's database, its application.

What would go wrong while the database is changed is done by a hook of the runner's, between two of
its steps: it calls this module.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path

from examples.planting import copied
from examples.poolmanager.generate import APPLIED
from examples.poolmanager.stage import PROD, Stage
from gatepost import database, dsn
from gatepost.errors import UsageError
from gatepost.migrations import chain, prisma
from gatepost.migrations import command as migrations

ROOT = Path(__file__).resolve().parents[2]
_PROJECT = ("gatepost.toml", "prisma")


@dataclass(frozen=True)
class Scene:
    """What faults are planted into.

    :param project: a copy of the project's folder.
    :param environ: what the project file asks of the environment.
    """

    project: Path
    staged: Stage
    environ: dict[str, str] = field(repr=False)

    @property
    def migrations(self) -> Path:
        """The folder of the copy's migrations."""
        return self.project / "prisma" / "migrations"

    @property
    def backups(self) -> Path:
        """Where backups of production lie."""
        return Path(self.environ["POOL_BACKUPS"])

    @property
    def pending(self) -> list[tuple[str, str]]:
        """Of each migration that production has not yet: its name and its checksum."""
        files = chain.of(self.migrations).files[APPLIED:]
        return [(file.name, file.sha256) for file in files]

    def script(self, name: str) -> Path:
        """Return the file of the migration whose name ends so."""
        (found,) = self.migrations.glob(f"*{name}/{chain.SCRIPT}")
        return found

    def edit(self, file: Path, old: str, new: str) -> None:
        """Replace what a file says, all of it."""
        text = file.read_text(encoding="utf-8")
        if old not in text:
            raise UsageError(f"{file.name}: holds no '{old}': the fault cannot be planted")
        file.write_text(text.replace(old, new), encoding="utf-8")

    def declare(self, old: str, new: str) -> None:
        """Replace what the project file says."""
        self.edit(self.project / "gatepost.toml", old, new)

    def add(self, name: str, text: str) -> None:
        """Write a new migration."""
        folder = self.migrations / name
        folder.mkdir()
        (folder / chain.SCRIPT).write_text(text, encoding="utf-8")

    def without(self, heading: str) -> None:
        """Take every table of that name out of the project file, `[one]` and `[[many]]`."""
        kept, dropping = [], False
        for line in (self.project / "gatepost.toml").read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                dropping = line in (f"[{heading}]", f"[[{heading}]]")
            if not dropping:
                kept.append(line)
        (self.project / "gatepost.toml").write_text("\n".join(kept) + "\n", encoding="utf-8")

    def run(self, script: str) -> None:
        """Do SQL to production, as somebody did who was in a hurry."""
        into(self.staged.database(), script)

    def at(self, when: str, script: str) -> None:
        """Have SQL run on production at a moment of the run, such as `after change`."""
        command = shlex.join([sys.executable, "-m", "examples.poolmanager.plant", script])
        self.hook(when, f"cd {shlex.quote(str(ROOT))} && {command}")

    @property
    def deploying(self) -> str:
        """What deploys the copy's migrations, for a shell: libpq knows no `?schema=`."""
        command = migrations.argv("deploy", self.migrations, table=prisma.TABLE)
        address = 'DATABASE_URL="${DATABASE_URL%%\\?*}"'
        return f"(cd {shlex.quote(str(ROOT))} && {address} {shlex.join(command)})"

    def command(self, shell: str) -> None:
        """Have a command of the project's own migrate."""
        self.environ["POOL_COMMAND"] = shell
        self.declare('fill = "prisma"\n', 'fill = "prisma"\ncommand = "${POOL_COMMAND}"\n')

    def hook(self, when: str, command: str) -> None:
        """Have a command run at a moment of the run."""
        self.environ["POOL_HOOK"] = command
        hooks = f'[migrate.hooks]\n"{when}" = "${{POOL_HOOK}}"\n\n[schema]'
        self.declare("[schema]", hooks)


def scene(staged: Stage, project: Path) -> Scene:
    """Return a scene on what is up, with a copy of the project."""
    copy = copied(project, staged.folder / "project", _PROJECT)
    return Scene(copy, staged, staged.environ(PROD))


def into(target: dsn.Dsn, script: str) -> None:
    """Run SQL where the application's tables need no schema."""
    with contextlib.closing(database.maintenance(target, label="fault")) as conn:
        conn.execute("set search_path = public")
        conn.execute(script.encode())


if __name__ == "__main__":
    into(dsn.parse(os.environ["POOL_PROD_URL"], of="POOL_PROD_URL"), sys.argv[1])
