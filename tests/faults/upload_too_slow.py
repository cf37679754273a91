"""own: files are taken, but at a tenth of the rate that was promised, and one comes back changed

gate: app
finds: upload /api/files
says: POST /api/files: given back with another content (sha256 0123456789ab, not ba9876543210)
says: POST /api/files: 1.0 MB/s, the median of 3 files of 8.0 MB; at least 10 MB/s wanted
toml: [[uploads]]
toml: path = "/api/files"
toml: at_least = "10 MB/s"
toml: download = "file.url"
toml: remove = "/api/files/{file.id}"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.exercised import Exercised, Uploaded
from gatepost.measured import Measured

if TYPE_CHECKING:
    from tests.faults.scene import Scene

CHANGED = "given back with another content (sha256 0123456789ab, not ba9876543210)"


def plant(scene: Scene) -> None:
    megabyte = float(2**20)
    rates = (megabyte / 2, megabyte, 20 * megabyte)
    sent = Uploaded("/api/files", 8 * 2**20, rates, (CHANGED,))
    scene.measure(Measured("application", 9, 1.0, exercised=Exercised(uploads=(sent,))))
