"""A program called ssh on the path, and the addresses of servers behind it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from gatepost.dsn import Dsn, parse
from tests import ssh_stand_in

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def behind(dsn: Dsn, ssh: str = "ada@gate") -> Dsn:
    """Return the address of a server as seen by a machine that ssh logs in to."""
    return parse(f"{dsn.url}?ssh={ssh}", of="target")


def on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program called ssh before all others."""
    folder.mkdir(exist_ok=True)
    program = folder / "ssh"
    program.write_text(f"#!/bin/sh\nexec {script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def stand_in_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a program on the path that does what ssh does, told by what lies in ``folder``."""
    on_path(folder / "bin", monkeypatch, f'{sys.executable} {ssh_stand_in.__file__} "$@"')
    monkeypatch.setenv("STAND_IN_SSH", str(folder))


def calls(folder: Path) -> list[str]:
    """How the program was called."""
    return (folder / "calls").read_text(encoding="utf-8").splitlines()
