"""How is a server reached that only another machine can reach?  Through the system's own ssh.

What the user's own configuration of ssh says of that machine holds: keys, agents, jumps.  What
guards a tunnel, and what it hangs on, is said here and cannot be said otherwise there.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import struct
import subprocess
import tempfile
from typing import IO, TYPE_CHECKING

from gatepost import lifeline, passage
from gatepost.errors import CannotConnect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.dsn import Dsn
    from gatepost.passage import Gateway, Passage

_OPTIONS = {
    "BatchMode": "yes",  # nobody is there to answer
    "StrictHostKeyChecking": "yes",
    "ExitOnForwardFailure": "yes",
    "ConnectTimeout": "10",
    "ServerAliveInterval": "15",
    "ServerAliveCountMax": "3",
    # A connection that others share would outlive the run.
    "ControlMaster": "no",
    "ControlPath": "none",
    # Called once the port is ours: to find somebody listening on it proves nothing.
    "PermitLocalCommand": "yes",
    "LocalCommand": "echo open",
}
_PATIENCE = 45.0  # seconds for ssh to log in
_ANSWER = 15.0  # seconds for the server behind it to say a word
_GRACE = 5.0  # seconds between asking ssh to end and ending it
_PORTS = 3  # that are tried, as another process may take one before ssh does
_TAKEN = ("cannot listen", "Could not request local forwarding")
# Every PostgreSQL server answers it with one letter, and keeps no word of it in its log.
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_HINTS = {
    "Host key verification failed": "log in once by hand, and compare the key that it shows with"
    " what its owner says: ssh {}",
    "Permission denied": "nothing can be asked for here: the key is in an agent, or has no"
    " passphrase; try: ssh -o BatchMode=yes {} true",
    "open failed": "is the server's address right as {} sees it, and does its sshd forward?",
}


@contextlib.contextmanager
def opened(addresses: Iterable[Dsn], *, as_needed: bool = False) -> Iterator[None]:
    """Hold a tunnel open for each address that goes through another machine.

    Those that are open already, here or in the process that started us, are used and left open.
    They end with the block, or with the thread that opened them: call it from the main one.

    :param as_needed: what cannot be opened is an error of whoever connects to that address, and
        not before: a way back may need one side alone.
    :raises CannotConnect: ssh was refused, or nothing answers behind it.
    """
    ways = dict.fromkeys(way for address in addresses if (way := address.passage))
    with contextlib.ExitStack() as held:
        for way in ways:
            if way.local_port is not None:
                continue
            try:
                held.enter_context(_tunnel(way))
            except CannotConnect as refused:
                if not as_needed:
                    raise
                way.refuse(refused)
                held.callback(way.forget)
        yield


@contextlib.contextmanager
def _tunnel(way: Passage) -> Iterator[None]:
    with tempfile.TemporaryFile() as words:
        child, port = _start(way, words)
        try:
            _knock(way, port, words)
            way.note(port)
            yield
        finally:
            way.forget()
            _end(child)


def _start(way: Passage, words: IO[bytes]) -> tuple[subprocess.Popen[bytes], int]:
    """Return ssh, which forwards, and the port that it forwards."""
    for _ in range(_PORTS):
        words.truncate(0)
        port = _free_port()
        child = _ssh(way, port, words)
        if _is_open(child):
            return child, port
        _end(child)
        if not any(taken in _said(words) for taken in _TAKEN):
            break
    raise _refused(way, words)


def _ssh(way: Passage, port: int, words: IO[bytes]) -> subprocess.Popen[bytes]:
    there = passage.gateway(way.through)
    assert there is not None  # or the address would have been refused
    try:
        return subprocess.Popen(
            _command(there, way, port),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            env={**os.environ, "SHELL": "/bin/sh", "LC_ALL": "C"},
            start_new_session=True,  # a Ctrl-C at the terminal is ours to answer
            preexec_fn=lifeline.die_with(os.getpid()),  # noqa: PLW1509 - it takes no lock
        )
    except OSError as error:
        raise CannotConnect(
            f"cannot reach {way}: no ssh program can be started: {error.strerror}",
            hint="apt-get install openssh-client",
        ) from None


def _command(there: Gateway, way: Passage, port: int) -> list[str]:
    far = f"[{way.host}]" if ":" in way.host else way.host
    command = ["ssh", "-N", "-T", "-a", "-x", "-L", f"{passage.LOOPBACK}:{port}:{far}:{way.port}"]
    for option in _OPTIONS.items():
        command += ["-o", "=".join(option)]
    command += ["-p", there.port] if there.port else []
    command += ["-l", there.user] if there.user else []
    return [*command, "--", there.host]


def _is_open(child: subprocess.Popen[bytes]) -> bool:
    """Whether ssh has logged in and holds the port; if not, it has ended or is about to be."""
    assert child.stdout is not None  # asked for
    with child.stdout as told:
        readable, _, _ = select.select([told], [], [], _PATIENCE)
        return bool(readable) and told.readline() == b"open\n"


def _knock(way: Passage, port: int, words: IO[bytes]) -> None:
    """Make sure that a PostgreSQL server answers at the other end."""
    try:
        with socket.create_connection((passage.LOOPBACK, port), timeout=_ANSWER) as there:
            there.sendall(_SSL_REQUEST)
            answered = there.recv(1)
    except OSError:
        answered = b""
    if not answered:
        raise _refused(way, words)


def _refused(way: Passage, words: IO[bytes]) -> CannotConnect:
    lines = [line.strip() for line in _said(words).splitlines() if line.strip()]
    known = [line for line in lines if any(mark in line for mark in _HINTS)]
    said = (known or lines or ["it said nothing"])[-1]
    hint = next((hint for mark, hint in _HINTS.items() if mark in said), "")
    return CannotConnect(f"cannot reach {way}: ssh: {said}", hint=hint.format(way.through))


def _said(words: IO[bytes]) -> str:
    words.seek(0)
    return words.read().decode(errors="replace")


def _free_port() -> int:
    with socket.create_server((passage.LOOPBACK, 0)) as server:
        return int(server.getsockname()[1])


def _end(child: subprocess.Popen[bytes]) -> None:
    """End ssh and what it has started, a jump for one."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_GRACE)
