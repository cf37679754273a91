"""own: the application's queries take longer than the project allows

gate: app
finds: queries database
says: database: queries take
says: on average, 1 ms allowed: 5 calls of 1 statement of the project, timed from here
toml: [queries]
toml: sample = ["select pg_catalog.pg_sleep(0.01)"]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    text = scene.toml.read_text()
    scene.toml.write_text(text.replace("[limits]\n", '[limits]\nqueries = "1 ms"\n'))
