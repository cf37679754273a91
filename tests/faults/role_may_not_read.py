"""own: a role that may read every table but one

gate: pre
finds: role before
unasked: media public.Message.mediaUrl
says: public.Message: may not be read
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    script = "grant select, update on all tables in schema public to {role}"
    scene.role("before", f'{script}; revoke select on "Message" from {{role}}')
