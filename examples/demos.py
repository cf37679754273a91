"""What is every demo made of?  A folder of its own, the runner, and words for who looks on."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from examples.hooks import take_down
from gatepost import rooms
from gatepost.durations import spoken
from gatepost.errors import GatepostError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

GO = 0
USAGE = 64


class _Named(Protocol):
    """What can be planted: called so, and what it is in a line."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...


_Fault = TypeVar("_Fault", bound=_Named)


def parser(environment: str, description: str, scale: str) -> argparse.ArgumentParser:
    """Return what a demo takes: how much, what to break, and what to leave up.

    :param environment: of tox, by which the demo is called.
    """
    made = argparse.ArgumentParser(prog=f"tox -e {environment} --", description=description)
    add = made.add_argument
    add("--scale", type=int, default=1, metavar="N", help=scale)
    add("--break", dest="fault", metavar="NAME", help="plant a fault first (--list names them)")
    add("--list", action="store_true", help="the faults that can be planted")
    add("--keep", action="store_true", help="leave servers and applications up")
    add("--stop", type=Path, metavar="FOLDER", help="stop what --keep left up there")
    return made


def run(
    given: argparse.Namespace,
    faults: Iterable[_Fault],
    find: Callable[[str], _Fault],
    demo: Callable[[argparse.Namespace, _Fault | None], int],
) -> int:
    """Do what was asked for; 0 if the migration ended as it should have.

    :param given: by the `parser`.
    :param find: a fault by its name; it refuses one that there is not.
    :param demo: the migration, with or without one.
    """
    if given.list:
        names = {one.name: one.title for one in faults}
        for name, title in names.items():
            say(f"{name:{max(map(len, names))}} {title}")
        return 0
    if given.stop:
        take_down(given.stop)
        say(f"stopped; {given.stop} may be removed")
        return 0
    try:
        return demo(given, find(given.fault) if given.fault else None)
    except GatepostError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE


@contextlib.contextmanager
def folder(*, keep: bool) -> Iterator[Path]:
    """Yield a folder for one demo; say in the end what all of it took."""
    began = time.monotonic()
    made = Path(tempfile.mkdtemp(prefix="gatepost-demo-"))
    # Servers that run under an account of their own must be able to enter it.
    made.chmod(0o711)
    try:
        yield made
    finally:
        if not keep:
            shutil.rmtree(made, ignore_errors=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    say(f"\ndemo: {spoken(time.monotonic() - began)}, largest process {peak} MB")


def gatepost(project: Path, environ: Mapping[str, str], *verb: str, target: str = "prod") -> int:
    """Run a verb on one of the example's targets, and return its exit status."""
    say("")
    command = [sys.executable, "-m", rooms.module("runner"), verb[0], f"--target={target}"]
    return subprocess.run(
        [*command, *verb[1:], f"--project={project}"],
        check=False,
        env={**os.environ, **environ},
        cwd=rooms.start_folder(),
    ).returncode


def asked(url: str) -> dict[str, object]:
    """Return what an application of ours answers: an object."""
    with contextlib.closing(urllib.request.urlopen(url, timeout=60)) as answer:  # noqa: S310 - ours
        found: dict[str, object] = json.load(answer)
        return found


def point_to(what: str, how: str) -> None:
    """Say how something that was left up can be looked at."""
    say(f"  {what:<15} {how}")


def point_to_database(server: Server, dsn: Dsn, where: Path) -> None:
    """Say how to look into a database; ``where`` gets the file that lets one in."""
    file = variables(where / f"{dsn.parameters['port']}.env", dsn.environment())
    point_to("its database", f". {file} && {shlex.quote(str(server.bin / 'psql'))}")


def point_to_the_gates(example: str, environ: Mapping[str, str], where: Path) -> None:
    """Say how to ask the gates of an example by hand."""
    file = variables(where / f"{example}.env", environ)
    gate = shlex.join([sys.executable, "-m", "pytest", "checks", "--target=prod"])
    point_to("ask the gates", f". {file} && {gate} --project=examples/{example}")


def variables(file: Path, given: Mapping[str, str]) -> Path:
    """Write variables for a shell; the file, and not the screen, holds the passwords."""
    file.touch(mode=0o600)
    lines = (f"export {key}={shlex.quote(value)}\n" for key, value in given.items())
    file.write_text("".join(lines), encoding="utf-8")
    return file


def say(line: str) -> None:
    """Say a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
