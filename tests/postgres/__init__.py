"""Where are the programs of a PostgreSQL that neither the wheel nor the system has?

The packages are those of `embedded-postgres`: servers with contrib and ICU, without pg_dump.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests import npm

HERE = Path(__file__).parent
MAJORS = (14, 17)


def programs(major: int) -> Path:
    """Return the folder of a server's programs; a skip where they cannot be fetched."""
    return npm.packages(HERE, "postgres-of-npm", _linked) / f"postgres-{major}" / "native" / "bin"


def _linked(packages: Path) -> None:
    """Make the links that a package of npm cannot hold, which its install script would make."""
    for major in MAJORS:
        native = packages / f"postgres-{major}" / "native"
        for link in json.loads((native / "pg-symlinks.json").read_text(encoding="utf-8")):
            source, target = (native.parent / link[key] for key in ("source", "target"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(os.path.relpath(source, target.parent))
