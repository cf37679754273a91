"""own: a migration adds, fills, renames, widens and drops, and each of it is declared

gate: data
says: public.users.source: new, and its default filled all 59 rows (59 were there before) with mock
says: public.posts.viewsCount: dropped with what it held, as declared: nobody reads it
toml: [schema]
toml: migrations = "migrations"
toml: [[additions]]
toml: column = "public.users.source"
toml: distribution = { mock = "100 %" }
toml: [[additions]]
toml: table = "public.sources"
toml: rows = 2
toml: [[renamed]]
toml: column = "public.users.bio"
toml: to = "about"
toml: [[dropped]]
toml: column = "public.posts.viewsCount"
toml: because = "nobody reads it"
toml: [[dropped]]
toml: table = "public.user_settings"
toml: because = "nobody reads them"
toml: [[renamed]]
toml: column = "public.notifications.userId"
toml: to = "recipientId"
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from examples.fonana.generate import MIGRATIONS

if TYPE_CHECKING:
    from tests.faults.scene import Scene

MIGRATION = """
create table sources (name text primary key, rank serial);
insert into sources (name) values ('mock'), ('real');
alter table users add column source text not null default 'mock' references sources;
alter table users rename column bio to about;
alter table posts drop column "viewsCount";
alter table users add constraint name_is_short check (length("fullName") < 200) not valid;
drop table user_settings;
alter table notifications rename column "userId" to "recipientId";
"""


def plant(scene: Scene) -> None:
    shutil.copytree(MIGRATIONS, scene.project / "migrations")
    (scene.project / "migrations" / "900_sources.sql").write_text(MIGRATION, encoding="utf-8")
    scene.environ["PYTEST_ADDOPTS"] = "--gatepost-in-place"
    scene.run("after", f"{MIGRATION}; analyze sources")
