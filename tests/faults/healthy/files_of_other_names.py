"""own: names with blanks, letters and escapes that browsers and disks know

gate: app
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.scene import SIDES

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    paths = {"мой кот 1.webp": "мой кот 1.webp", "a b.webp": "a%20b.webp"}
    body = next((scene.pair.public / "media" / "avatars").glob("*.webp")).read_bytes()
    users = "select id from users where avatar like '%.webp' order by id limit 1 offset"
    for side in SIDES:
        for at, (name, path) in enumerate(paths.items()):
            (scene.media(side) / "media" / "avatars" / name).write_bytes(body)
            value = f"/media/avatars/{path}"
            scene.run(side, f"update users set avatar = '{value}' where id = ({users} {at})")
