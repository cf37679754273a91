"""own: a column is to be dropped that a view shows, and that a function names in its body

gate: pre
toml: [[dropped]]
toml: column = "public.users.bio"
toml: because = "users have profiles since"
finds: uses column public.users.bio; schema migrations
says: column public.users.bio: view public.bios needs it: 2_step, line 1, which drops it, will fail
says: column public.users.bio: function public.bio(text) names it in the body
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    scene.run(
        "before",
        "create view bios as select id, bio from users;"
        " create function bio(text) returns text language plpgsql as"
        " 'begin return (select bio from users where id = $1); end'",
    )
    scene.in_place("alter table users drop column bio;\n")
