"""own: an ordinary role that owns the database and may create others is enough

gate: pre
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.role(
        "after",
        """
        alter role {role} createdb;
        alter database {database} owner to {role};
        grant pg_read_all_data to {role};
        """,
    )
    scene.role("before", "grant select, update on all tables in schema public to {role}")
