"""own: a pending migration with guards, an index on its own, a lasting timeout and a new table

gate: pre
says: `set lock_timeout` outlives the file (setting lasts)
says: index public.posts_of is there already, and nothing is made (already there)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene

GUARDED = """set lock_timeout = '5s';
create type "Mood" as enum ('GOOD', 'BAD');
create table moods (id text primary key, mood "Mood" not null default 'GOOD', post text);
do $$
begin
  if not exists (select 1 from pg_constraint where conname = 'moods_post') then
    alter table moods add constraint moods_post foreign key (post) references posts (id);
  end if;
end $$;
insert into moods (id, mood) values ('m1', 'BAD');
delete from moods;
create index if not exists posts_of on posts (lower(id));
"""


def plant(scene: Scene) -> None:
    scene.run("before", "create index posts_of on posts (lower(id))")
    scene.in_place(GUARDED, 'create index concurrently posts_by on posts ("creatorId");\n')
