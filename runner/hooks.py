"""What is told to the application, and what does it answer?

A hook is a command of the project.  `stop` and `start` act; `status` is asked, never assumed: exit
status 0 says that the application is up, any other that it is down.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gatepost import conduct, record
from gatepost.durations import spoken
from gatepost.errors import ToolFailed

from . import children
from .children import Command

_PAUSE = 0.2  # seconds between two questions about the status
Name = Literal["stop", "start", "status", "filled"]


@dataclass(frozen=True)
class Hooks:
    """The hooks of a run.

    :param commands: what the project declared.
    :param folder: where what they say is kept, a file each.
    :param cwd: where they start: the project's folder.
    :param environment: what each of them is told, `GATEPOST_HOOK` apart.
    """

    commands: conduct.Migrate
    folder: Path
    cwd: Path
    environment: Mapping[str, str] = field(repr=False)

    def has(self, name: Name) -> bool:
        """Whether the project declared it."""
        return bool(getattr(self.commands, name))

    def call(self, name: Name, **told: str) -> None:
        """Run a hook and wait for it.

        :param told: more of its environment.
        :raises ToolFailed: it failed, or took longer than `migrate.hook_timeout`.
        """
        command = self._command(name, told)
        (status,) = children.run(command, timeout=self.commands.hook_timeout)
        children.check(command, status)

    def wait_until(self, up: bool) -> None:
        """Ask the status hook, where there is one, until the application is up, or down.

        :raises ToolFailed: it still says the other after `migrate.hook_timeout`.
        """
        if not self.has("status"):
            return
        deadline = time.monotonic() + self.commands.hook_timeout
        command = self._command("status", {})
        while True:
            (status,) = children.run(command, timeout=self.commands.hook_timeout)
            if (status == 0) == up:
                return
            if time.monotonic() > deadline:
                raise self._still(up, status)
            time.sleep(_PAUSE)

    def _still(self, up: bool, status: int) -> ToolFailed:
        wanted, says = ("up", "down") if up else ("down", "up")
        return ToolFailed(
            f"the application is not {wanted} after {spoken(self.commands.hook_timeout)}:"
            f" the status hook still says {says} (exit status {status})",
            hint="status exits with 0 while the application is up, with another number while it"
            " is down",
        )

    def _command(self, name: Name, told: Mapping[str, str]) -> Command:
        self.folder.mkdir(parents=True, exist_ok=True)
        given: record.Command = getattr(self.commands, name)
        return Command(
            f"{name} hook",
            ("/bin/sh", "-c", given) if isinstance(given, str) else given,
            self.folder / f"{name}.txt",
            environment={**self.environment, **told, "GATEPOST_HOOK": name},
            cwd=self.cwd,
        )
