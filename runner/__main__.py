"""Which verb was said, and with what exit status does it end?"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import gatepost
from gatepost import dsn, project_file, tunnel
from gatepost.errors import GatepostError

from . import verbs
from .backups.copying import OWN
from .outcome import Exit, Interrupted, NoGo
from .record.lock import Locked
from .screen import lasting
from .screen.terminal import Terminal
from .servers.survey import Unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.dsn import Dsn

_EPILOG = """\
  schema                what a database declares, as text for git: gatepost schema --help

exit status: 0 GO; 10 no at preflight, nothing changed; 20 rolled back and verified;
21 rollback failed or unverified, call a human; 30 inconclusive, the old system is live;
40 another run is under way; 50 an unfinished run was found; 64 usage; 70 an error of ours.
"""
_STATUS: dict[type[GatepostError], Exit] = {
    Locked: Exit.LOCKED,
    Unfinished: Exit.UNFINISHED,
    NoGo: Exit.REFUSED,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say and return the exit status; nothing is raised."""
    with lasting.streams():
        return _main(arguments)


def _main(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    try:
        given = parser.parse_args(arguments)
    except SystemExit as end:
        # argparse ends with 2 for a wrong option, which is a pytest status of another meaning.
        return Exit.USAGE if end.code else Exit.GO
    terminal = Terminal(sys.stderr if given.json else sys.stdout)
    try:
        with tunnel.opened(_addresses(given), as_needed=True):
            return int(given.act(given, terminal))
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last line before the screen
        why, status = _reason(error, executing=getattr(given, "execute", False))
        sys.stderr.write(f"{why}\n")
        return status


def _reason(error: BaseException, *, executing: bool) -> tuple[GatepostError, Exit]:
    """Return what is said of an error, and the exit status.

    :param executing: whether something may have been changed that nobody takes back.
    """
    if isinstance(error, GatepostError):
        return error, _STATUS.get(type(error), Exit.USAGE)
    if isinstance(error, KeyboardInterrupt):
        kept = executing and not isinstance(error, Interrupted)
        said = "interrupted" if kept else "interrupted: nothing was changed"
        return GatepostError(said), Exit.INCONCLUSIVE
    if isinstance(error, OSError):
        named = f"{error.filename}: " if error.filename else ""
        return GatepostError(f"{named}{error.strerror or error}"), Exit.USAGE
    what = f"an error of ours, outside of a run: {type(error).__name__}"
    return GatepostError(what, hint="gatepost status says what there is"), Exit.INTERNAL


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gatepost",
        description="Migrate a PostgreSQL database between two gates.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"gatepost {gatepost.__version__}")
    known = parser.add_subparsers(required=True, metavar="VERB")
    for verb in verbs.ALL:
        verbs.add(verb, known)
    return parser


def _addresses(given: argparse.Namespace) -> Iterator[Dsn]:
    """Yield what the verb may connect to: what goes through ssh needs a tunnel for all of it."""
    if not given.connects:
        return
    chosen = project_file.load(given.project.resolve(), given.target, given.source)
    yield from chosen.addresses
    prober, server = chosen.project.prober, getattr(given, "server", "")
    others = {"prober.source": prober.source, "prober.target": prober.target, "--server": server}
    others["source.scratch"] = chosen.source.scratch
    if hasattr(given, "server") and chosen.project.backup:
        others["backup.scratch"] = chosen.project.backup.scratch.removeprefix(OWN)
    yield from (dsn.parse(url, of=name) for name, url in others.items() if url)


if __name__ == "__main__":
    sys.exit(main())
