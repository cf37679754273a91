"""own: messages arrive late, some never and some twice

gate: app
finds: delivery /ws
says: WebSocket /ws: 2 of 20 messages never arrived
says: WebSocket /ws: 1 of 20 messages arrived more than once
says: WebSocket /ws: p95 250 ms until a message arrives, 100 ms allowed
toml: [[deliveries]]
toml: url = "/ws"
toml: send = '{"id": "{id}"}'
toml: within = "100 ms"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.exercised import Delivered, Exercised
from gatepost.latency import Latency
from gatepost.measured import Measured

if TYPE_CHECKING:
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    heard = Delivered("/ws", 20, Latency(0.02, 0.25, 18), lost=2, doubled=1)
    scene.measure(Measured("application", 9, 1.0, exercised=Exercised(deliveries=(heard,))))
