"""X4: without the address of its database a verifier once said "nothing to do", exit status 0

gate: data
word: none
says: targets.prod.url: the environment variable FONANA_PROD_URL is not set
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    del scene.environ["FONANA_PROD_URL"]
