"""X6: versions that files share, a file without one, one edited and one renamed after it ran

gate: data
toml: [[ledgers]]
toml: kind = "sql"
toml: table = "public.schema_migrations"
toml: files = "sql-migrations"
finds: ledger public.schema_migrations
says: sql-migrations: 2 files have the version 002: 002_posts, 002_tiers
says: sql-migrations: without a version: helpers
says: public.schema_migrations: 001_users was edited after it was applied
says: public.schema_migrations: 003_likes was applied, and is called 004_likes since
says: public.schema_migrations: helpers has a file and was never applied
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tests.faults.scene import SIDES

if TYPE_CHECKING:
    from tests.faults.scene import Scene

APPLIED = {"001_users": "select 1", "002_posts": "select 2", "002_tiers": "select 3"}


def plant(scene: Scene) -> None:
    folder = scene.project / "sql-migrations"
    folder.mkdir()
    ran = {**APPLIED, "003_likes": "select 4"}
    for name, text in {**APPLIED, "004_likes": "select 4", "helpers": "select 5"}.items():
        (folder / f"{name}.sql").write_text(text)
    (folder / "001_users.sql").write_text("select 1 -- and more")
    rows = ", ".join(
        f"('{name}', '{hashlib.sha256(text.encode()).hexdigest()}')" for name, text in ran.items()
    )
    for side in SIDES:
        scene.run(side, "create table schema_migrations (version text primary key, checksum text)")
        scene.run(side, f"insert into schema_migrations values {rows}")
        scene.run(side, "analyze")
