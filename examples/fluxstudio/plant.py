"""Into what are faults planted?  A copy of the project, the files, and the application.

What would go wrong while the database is filled is done by the runner's `filled` hook, between the
load and the data gate: it calls this module.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from examples.planting import copied
from gatepost import database, dsn
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from examples.fluxstudio.stage import Stage

ROOT = Path(__file__).resolve().parents[2]
_PROJECT = ("gatepost.toml", "migrations", "sql")


@dataclass(frozen=True)
class Scene:
    """What faults are planted into.

    :param project: a copy of the project's folder.
    :param data: the source's files; ``backups``: where backups lie.
    :param state: by which the application is controlled.
    :param environ: what the project file asks of the environment.
    """

    project: Path
    data: Path
    backups: Path
    state: Path
    environ: dict[str, str]

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace what one file of the project says, all of it."""
        file = self.project / name
        text = file.read_text(encoding="utf-8")
        if old not in text:
            raise UsageError(f"{name}: holds no '{old}': the fault cannot be planted")
        file.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        """Write a new file of the project."""
        file = self.project / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def without(self, heading: str) -> None:
        """Take one table out of the project file."""
        text = (self.project / "gatepost.toml").read_text(encoding="utf-8")
        table = text[text.index(f"[{heading}]") :]
        self.edit("gatepost.toml", table[: table.index("\n[") + 1], "")

    def on_filled(self, script: str) -> None:
        """Have SQL run on the database that was filled, before the data gate."""
        command = shlex.join([sys.executable, "-m", "examples.fluxstudio.plant", script])
        self.environ["FLUXSTUDIO_FILLED"] = f"cd {shlex.quote(str(ROOT))} && {command}"


def scene(staged: Stage, project: Path) -> Scene:
    """Return a scene on what is up, with a copy of the project."""
    copy = copied(project, staged.folder / "project", _PROJECT)
    backups = Path(staged.environ["FLUXSTUDIO_BACKUPS"])
    return Scene(copy, staged.data, backups, staged.state, dict(staged.environ))


def into_target(script: str) -> None:
    """Do to the database that was just filled what the script says; called as the hook."""
    target = dsn.parse(os.environ["FLUXSTUDIO_URL"], of="FLUXSTUDIO_URL")
    target = target.of(os.environ["GATEPOST_DATABASE"])
    with contextlib.closing(database.maintenance(target, label="fault")) as conn:
        conn.execute("set search_path = public")
        conn.execute(script.encode())


if __name__ == "__main__":
    into_target(sys.argv[1])
