"""F21: pg_dump is older than the server that it is to read

gate: pre
finds: versions tools
says: pg_dump is older than the server: the source is PostgreSQL 16, found: 14.18
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    programs = scene.folder / "bin"
    programs.mkdir()
    for name in ("pg_dump", "pg_restore"):
        program = programs / name
        program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) 14.18'\n")
        program.chmod(0o755)
    text = scene.toml.read_text()
    scene.toml.write_text(text.replace("[migrate]", f'[migrate]\npg_bin = "{programs}"', 1))
