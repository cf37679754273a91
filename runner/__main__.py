"""Which arguments does the runner take, and what does it say in the end?"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, get_args

import gatepost
from gatepost import baseline, project_file, run_file
from gatepost.durations import spoken
from gatepost.errors import GatepostError
from gatepost.parity.hashes import Hash

from . import plan, run, steps, survey
from .lock import Locked
from .outcome import Exit
from .survey import Unfinished
from .terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.run_file import Run

    from .plan import Plan

EXAMPLES = """\
examples:
  gatepost migrate --target=prod                 say what would be done, and touch nothing
  gatepost migrate --target=prod --execute       do it
  gatepost migrate --target=prod --json          the plan, for a program to read
  gatepost baseline --target=prod --out=now.json record what the source holds, for later
  gatepost schema --help                         what a database declares, as text for git

exit status: 0 GO; 10 no at preflight, nothing changed; 20 rolled back and verified;
21 rollback failed or unverified, call a human; 30 inconclusive, the old system is live;
40 another run is under way; 50 an unfinished run was found; 64 usage; 70 an error of ours.
"""
_STATUS: dict[type[GatepostError], Exit] = {Locked: Exit.LOCKED, Unfinished: Exit.UNFINISHED}
_COLOURS = {"GO": "green", "NO-GO": "red", "INCOMPLETE": "yellow"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say and return the exit status; nothing is raised."""
    parser = _parser()
    try:
        given = parser.parse_args(arguments)
    except SystemExit as end:
        # argparse ends with 2 for a wrong option, which is a pytest status of another meaning.
        return Exit.USAGE if end.code else Exit.GO
    terminal = Terminal(sys.stderr if given.json else sys.stdout)
    try:
        return int(given.act(given, terminal))
    except GatepostError as error:
        return _refused(error, _STATUS.get(type(error), Exit.USAGE))
    except KeyboardInterrupt:
        return _refused(GatepostError("interrupted: nothing was changed"), Exit.INCONCLUSIVE)
    except Exception as error:  # noqa: BLE001 - the last line before the screen
        what = f"an error of ours before the run began: {type(error).__name__}"
        return _refused(GatepostError(what, hint="nothing was changed"), Exit.INTERNAL)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gatepost",
        description="Migrate a PostgreSQL database between two gates.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"gatepost {gatepost.__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    migrate = verbs.add_parser(
        "migrate",
        help="fill the target beside its old database, ask the gates, swap",
        description="Without --execute: say what would be done, and touch nothing.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # half a word must not start a migration
    )
    _add_sides(migrate)
    migrate.add_argument("--execute", action="store_true", help="do it")
    migrate.add_argument(
        "--no-report", action="store_true", help="leave the HTML report to `gatepost.reports RUN`"
    )
    migrate.add_argument(
        "--json", action="store_true", help="the plan or the outcome as JSON, and nothing else"
    )
    migrate.set_defaults(act=_migrate)
    record = verbs.add_parser(
        "baseline",
        help="record what the source holds now, to compare with when it is gone",
        description="Reads the source in one snapshot. Later: pytest checks/ --gate=data"
        " --source=baseline:FILE",
        allow_abbrev=False,
    )
    _add_sides(record)
    record.add_argument(
        "--out",
        type=Path,
        default=Path(baseline.FILE),
        metavar="FILE",
        help="a .json, beside which a .bin is written (default: %(default)s)",
    )
    record.add_argument(
        "--hash",
        choices=get_args(Hash),
        help="sha256 for servers that hash in ways of their own (default: what the target shares)",
    )
    record.add_argument(
        "--json", action="store_true", help="what was recorded as JSON, and nothing else"
    )
    record.set_defaults(act=_record)
    return parser


def _add_sides(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--target", required=True, help="a target of gatepost.toml, or a postgresql:// URL"
    )
    parser.add_argument(
        "--source", default="", metavar="URL", help="overrides the source of gatepost.toml"
    )
    parser.add_argument(
        "--project",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="the folder of gatepost.toml (default: the current one)",
    )


def _migrate(given: argparse.Namespace, terminal: Terminal) -> int:
    made = plan.make(given.project.resolve(), given.target, given.source)
    if not given.execute:
        survey.refuse_unfinished(made.survey)
        _tell_plan(made, terminal, sys.stdout if given.json else None)
        return Exit.GO
    ended, folder = run.execute(made, terminal, report=not given.no_report)
    _tell_outcome(ended, folder, terminal, made.settings.project.limits.downtime)
    if given.json:
        sys.stdout.write(f"{run_file.as_json(ended)}\n")
    return ended.exit_status


def _record(given: argparse.Namespace, terminal: Terminal) -> int:
    chosen = project_file.load(given.project.resolve(), given.target, given.source)
    found = baseline.record(chosen, baseline.Request(given.out, hash=given.hash))
    terminal.say(baseline.told(found, given.out))
    for name, why in found.missing.items():
        terminal.say(f"  not recorded: {name}: {why}", "yellow")
    if given.json:
        sys.stdout.write(json.dumps(baseline.summary(found, given.out), indent=2) + "\n")
    return Exit.GO


def _tell_plan(made: Plan, terminal: Terminal, machine: TextIO | None) -> None:
    told = [{"step": step.name, "does": step.says(made)} for step in steps.of(made)]
    before, after = made.before(), made.after()
    if machine:
        heads = {"before": vars(before), "after": vars(after), "tools": vars(made.tools)}
        data = {"project": made.settings.project.name, "target": made.settings.target_name}
        machine.write(json.dumps({**data, **heads, "steps": told}, default=str, indent=2) + "\n")
        return
    terminal.say(f"{made.settings.project.name}: what would be done", "bold")
    terminal.say(f"  from  {before.database} on {before.server}, PostgreSQL {before.version}")
    terminal.say(f"  to    {after.database} on {after.server}, PostgreSQL {after.version}")
    terminal.say()
    for number, line in enumerate(told, 1):
        terminal.say(f"  {number:2}. {line['step']:11} {line['does']}")
    terminal.say()
    terminal.say("nothing was touched; add --execute to do it")


def _tell_outcome(ended: Run, folder: Path, terminal: Terminal, allowed: float) -> None:
    terminal.say()
    terminal.say(f"{ended.word}: {ended.meaning}", _COLOURS[ended.word])
    if ended.downtime_s is not None:
        late = ended.downtime_s > allowed
        told = f"{spoken(ended.downtime_s)}, {spoken(allowed)} allowed"
        terminal.say(f"  downtime  {told}{': too long' if late else ''}", "red" if late else "")
    report = folder / run.REPORT
    terminal.say(f"  report    {report if report.exists() else folder / run_file.FILE}")
    terminal.say(f"  next      {_next(ended, folder)}")


def _next(ended: Run, folder: Path) -> str:
    """Return what to try next."""
    if ended.exit_status == Exit.GO:
        return "look at the report, and keep the old database until its date"
    if ended.exit_status == Exit.ROLLBACK_FAILED:
        return f"read {folder / 'journal.jsonl'}, and look at the databases before anything else"
    if ended.exit_status == Exit.INTERNAL:
        return f"report the error: {folder / run.LOG}"
    return "mend what is named above, and begin again"


def _refused(error: GatepostError, status: Exit) -> int:
    sys.stderr.write(f"{error}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
