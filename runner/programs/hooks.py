"""What is told to the application, and what does it answer?

A hook is a command of the project.  `stop` and `start` act; `status` is asked, never assumed: exit
status 0 says that the application is up, any other that it is down, but for those by which it says
that it cannot tell.  More of them may stand before and after each step.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from gatepost import conduct, database, record
from gatepost.durations import spoken
from gatepost.errors import ToolFailed, UsageError
from gatepost.wording import meant

from . import children
from .children import Command

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ..plan import Plan
    from ..servers.labels import Names

_PAUSE = 0.2  # seconds between two questions about the status
_MASK = "****"
# sysexits' EX_TEMPFAIL, and what ssh ends with when it never came to ask: neither up nor down.
_CANNOT_TELL = frozenset({75, 255})
_WHEN = ("before", "after")
Name = Literal["stop", "start", "status", "filled"]


@dataclass(frozen=True)
class Hooks:
    """The hooks of a run.

    :param commands: what the project declared.
    :param folder: where what they say is kept, a file each time; of `status`, the last.
    :param cwd: where they start: the project's folder.
    :param environment: what each of them is told, `GATEPOST_HOOK` and `GATEPOST_STEP` apart.
    :param secrets: what no file and no message may hold of what they say.
    """

    commands: conduct.Migrate
    folder: Path
    cwd: Path
    environment: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @staticmethod
    def of(plan: Plan, names: Names, folder: Path) -> Hooks:
        """Return the hooks of a run of that name; a rehearsal has none around its steps.

        :param folder: the run's.
        """
        commands = plan.settings.project.migrate
        told = {
            "RUN": names.label,
            "RUN_FOLDER": str(folder),
            "TARGET_NAME": plan.settings.target_name,
            "STRATEGY": plan.settings.target.strategy,
            "SOURCE_DATABASE": plan.survey.origin.name,
            "DATABASE": names.live,
            "NEXT_DATABASE": names.next,
            "OLD_DATABASE": names.old,
        }
        return Hooks(
            commands.model_copy(update={"hooks": {}}) if plan.rehearsal else commands,
            folder / "hooks",
            plan.settings.folder,
            {f"GATEPOST_{name}": value for name, value in told.items()},
            plan.secrets,
        )

    def has(self, name: Name) -> bool:
        """Whether the project declared it."""
        return bool(getattr(self.commands, name))

    def call(self, name: Name, **told: str) -> None:
        """Run a hook and wait for it.

        :param told: more of its environment.
        :raises ToolFailed: it failed, or took longer than `migrate.hook_timeout`.
        """
        given: record.Command = getattr(self.commands, name)
        self._act(name, given, told)

    def notify(self, given: record.Command, **told: str) -> None:
        """Run the command that tells people of trouble.

        :raises ToolFailed: as `call`.
        """
        self._act("notify", given, told)

    @contextlib.contextmanager
    def around(self, step: str) -> Iterator[None]:
        """Run what the project declared for before and after a step.

        :raises ToolFailed: one of them failed: the step is not begun, or counts as failed.
        """
        before, after = (f"{when} {step}" for when in _WHEN)
        if before in self.commands.hooks:
            self._act(before, self.commands.hooks[before], {"GATEPOST_STEP": step})
        yield
        if after in self.commands.hooks:
            self._act(after, self.commands.hooks[after], {"GATEPOST_STEP": step})

    def wait_until(self, up: bool) -> None:
        """Ask the status hook, where there is one, until the application is up, or down.

        :raises ToolFailed: it still says the other after `migrate.hook_timeout`.
        """
        if not self.has("status"):
            return
        deadline = time.monotonic() + self.commands.hook_timeout
        while True:
            status = self._status()
            if status not in _CANNOT_TELL and (status == 0) == up:
                return
            if time.monotonic() > deadline:
                raise self._still(up, status)
            time.sleep(_PAUSE)

    def is_up(self) -> bool | None:
        """Ask the status hook once; None where there is none, or it cannot tell."""
        if not self.has("status") or (status := self._status()) in _CANNOT_TELL:
            return None
        return status == 0

    def _status(self) -> int:
        status, _ = self._run(self._command("status", self.commands.status, {}))
        return status

    def _still(self, up: bool, status: int) -> ToolFailed:
        wanted, says = ("up", "still says down") if up else ("down", "still says up")
        if status in _CANNOT_TELL:
            says = "cannot tell"
        return ToolFailed(
            f"the application is not {wanted} after {spoken(self.commands.hook_timeout)}:"
            f" the status hook {says} (exit status {status})",
            hint="status exits with 0 while the application is up, with another number while it"
            " is down",
        )

    def _act(self, name: str, given: record.Command, told: Mapping[str, str]) -> None:
        status, command = self._run(self._command(name, given, told))
        children.check(command, status)

    def _run(self, command: Command) -> tuple[int, Command]:
        """Run it; what it says is kept under its own name only once the secrets are out of it."""
        raw = replace(command, output=command.output.with_suffix(".part"))
        try:
            (status,) = children.run(raw, timeout=self.commands.hook_timeout)
        finally:
            self._mask(raw.output, command.output)
        return status, command

    def _mask(self, raw: Path, kept: Path) -> None:
        if not raw.exists():  # it could not even be started
            return
        said = raw.read_bytes()
        for secret in self.secrets:
            for spelled in (secret, quote(secret, safe="")):
                said = said.replace(spelled.encode(), _MASK.encode())
        kept.write_bytes(said)
        raw.unlink()

    def _command(self, name: str, given: record.Command, told: Mapping[str, str]) -> Command:
        self.folder.mkdir(parents=True, exist_ok=True)
        return Command(
            f"{name} hook",
            ("/bin/sh", "-c", given) if isinstance(given, str) else given,
            self._file(name.replace(" ", "-")),
            environment={**self.environment, **told, **_outliving(name), "GATEPOST_HOOK": name},
            cwd=self.cwd,
        )

    def _file(self, name: str) -> Path:
        """Return a file that no earlier call has filled; what the status was matters now alone."""
        earlier = 0 if name == "status" else len([*self.folder.glob(f"{name}*.txt")])
        return self.folder / (f"{name}-{earlier + 1}.txt" if earlier else f"{name}.txt")


def _outliving(name: str) -> dict[str, str]:
    """Return what keeps a program that a hook starts from being ended with what a run has left."""
    return {} if name == "filled" else {database.OF_RUN: ""}


def refuse(declared: Mapping[str, record.Command], steps: Collection[str]) -> None:
    """Make sure that each hook around a step names one that a run can have.

    :param steps: the names of all steps.
    :raises UsageError: one would never be called.
    """
    for key, command in declared.items():
        when, _, step = key.partition(" ")
        known = [f"{one} {name}" for one in _WHEN for name in steps]
        if when not in _WHEN or step not in steps:
            raise UsageError(
                f"migrate.hooks: '{key}' is before or after no step",
                hint=meant(key, known) or f"the steps are {', '.join(steps)}",
            )
        if not command:
            raise UsageError(f"migrate.hooks: '{key}' names no command", hint="leave it out")
