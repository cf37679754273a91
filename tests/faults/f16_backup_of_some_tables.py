"""F16: a backup that restores without an error, of some of the tables

gate: pre
finds: backup backups/*.dump
says: fonana.dump lacks 2 of 23 tables: public.Message, public.likes
toml: [backup]
toml: files = "backups/*.dump"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    some = ("--exclude-table=public.likes", '--exclude-table=public."Message"')
    scene.dump(scene.project / "backups" / "fonana.dump", *some)
