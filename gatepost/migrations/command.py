"""How is a program told to run migrations?  As any command that migrates: by DATABASE_URL.

The runner calls it as it calls a project's own command, so that whatever it does when such a
command fails, hangs or is killed, it does here.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from gatepost import dsn
from gatepost.errors import GatepostError, UsageError
from gatepost.migrations import apply, ledger, prisma, session
from gatepost.migrations.session import Limits
from gatepost.wording import about, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.dsn import Dsn
    from gatepost.migrations.apply import Applied
    from gatepost.migrations.prisma import Deployed

ADDRESS = "DATABASE_URL"
_ACTS = {"up": apply.up, "down": apply.down}
_DEPLOY = "deploy"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; 0 if all of it was done, 1 if not."""
    given = _parser().parse_args(arguments)
    try:
        done = _done(given)
    except GatepostError as error:
        sys.stdout.write(f"error: {error}\n")
        return 1
    except psycopg.Error as error:  # of what lies around the scripts; it may quote a row
        sys.stdout.write(f"error: {session.said(error)}\n")
        return 1
    said = (
        f"{counted(len(done), 'file')} of SQL run" if done else "nothing to do: it was done before"
    )
    sys.stdout.write(f"{said}\n")
    return 0


def _done(given: argparse.Namespace) -> Sequence[Applied | Deployed]:
    limits = Limits(given.lock_timeout, given.statement_timeout)
    there, table = _address(), given.ledger
    if given.act == _DEPLOY:
        only = given.only or None
        return prisma.deploy(there, given.folder, table=table, limits=limits, only=only, told=_say)
    act = _ACTS[given.act]
    return act(there, given.folder, table=table, limits=limits, to=given.to, told=_say)


def argv(
    act: str,
    folder: Path,
    *,
    table: str = ledger.TABLE,
    limits: Limits | None = None,
    only: Sequence[str] = (),
    to: str = "",
) -> tuple[str, ...]:
    """Return how a process of its own is told to do it.

    :param only: of what is deployed, the names of those that may run; all of them if empty.
    :param to: of what is run, the version of the last one; all of them if empty.
    """
    limits = limits or Limits()
    options = {
        "ledger": table,
        "lock-timeout": f"{limits.lock:g}",
        "statement-timeout": f"{limits.statement:g}",
    }
    given = [f"--{name}={value}" for name, value in options.items()]
    given += [f"--only={name}" for name in only]
    given += [f"--to={to}"] if to else []
    return (sys.executable, "-m", "gatepost.migrations", act, str(folder), *given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gatepost.migrations", allow_abbrev=False)
    usual = Limits()
    parser.add_argument("act", choices=(*_ACTS, _DEPLOY))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ledger", default=ledger.TABLE)
    parser.add_argument("--to", default="", help="the version to stop at")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="deploy no other than these"
    )
    parser.add_argument("--lock-timeout", type=float, default=usual.lock, metavar="SECONDS")
    parser.add_argument(
        "--statement-timeout", type=float, default=usual.statement, metavar="SECONDS"
    )
    return parser


def _address() -> Dsn:
    given = os.environ.get(ADDRESS, "")
    if not given:
        raise UsageError(f"{ADDRESS} names no database")
    return dsn.parse(given, of=ADDRESS)


def _say(done: Applied | Deployed) -> None:
    sys.stdout.write(f"{done}, in {about(done.seconds)}\n")
    sys.stdout.flush()  # whoever reads it wants to know how far it came
