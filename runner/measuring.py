"""How long were users out, and is all that was acknowledged still there?  Asked from outside.

What the prober saw, and the moments of the journal, become the figures of a run.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import psycopg

from gatepost import measured
from gatepost.durations import spoken
from gatepost.errors import GatepostError, ToolFailed

from .exercise import exercise
from .migration import FACTS
from .prober import look, outside, reading
from .record import journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.exercised import Exercised
    from gatepost.measured import Measured, Subject
    from gatepost.settings import Limits

    from .migration import Migration
    from .prober.look import Look, State
    from .record.journal import Line
    from .screen.terminal import Terminal

_DRILL = "swap drill"
_PROBER = "prober"


def begin(run: Migration) -> str:
    """Send the prober out, see that it sees, and say that users are kept out from now on.

    :raises ToolFailed: it cannot look, or no canary can be written.
    """
    run.outside = outside.start(run.plan.settings, run.folder, "before")
    first = outside.began(run.outside)
    if run.outside.sight.table and not first.canary:
        raise ToolFailed(
            f"no canary can be written into {run.outside.sight.table}: {first.database}",
            hint="[prober] table needs the columns id (text or uuid, unique) and at (timestamptz)",
        )
    if first.database:
        raise ToolFailed(f"the prober cannot log in: {first.database}")
    run.outside.tell("closed")
    run.outside.wait(lambda seen: seen[-1].state == "closed", _patience(run))
    return _told(first, reading.of(run.outside.sight))


def after_the_cut(run: Migration) -> str:
    """Wait until users get in again, and hand the figures over to the app gate.

    :raises ToolFailed: they do not within `migrate.hook_timeout`.
    """
    of = reading.of(outside.sight(run.plan.settings))
    if complaint := _waited(run, "after", of, run.plan.settings.project.migrate.hook_timeout):
        raise ToolFailed(f"nobody gets in after the cut: {complaint}")
    figures = _figures(run, run.plan.settings.after)
    measured.write(figures, run.facts)
    return "; ".join(told(figures))


def exercised(run: Migration) -> str:
    """Use the application as its users do, and hand over to the app gate what came of it."""
    settings = run.plan.settings
    found = exercise.use(settings, settings.after)
    figures = measured.read(run.facts)
    assert figures is not None  # the step before this one has measured
    measured.write(dataclasses.replace(figures, exercised=found), run.facts)
    return "; ".join(text for text, _ in exercise.lines(found, settings))


def back_again(run: Migration) -> str:
    """Say that users are on the old system again, and wait until they get in there.

    :raises ToolFailed: they do not, and did before the run.
    """
    first, *_ = look.read(run.folder / outside.FILE)
    of = reading.of(outside.sight(run.plan.settings))
    if first.failed(of):
        known = _complaint(first, of)
        still = _waited(run, "before", of, _patience(run), known)
        return f"the {of} answers as little as before the run" if still else f"the {of} answers"
    timeout = run.plan.settings.project.migrate.hook_timeout
    complaint = _waited(run, "before", of, timeout)
    if not complaint:
        return f"the {of} answers"
    raise ToolFailed(f"nobody gets in to the old system: {complaint}")


def _waited(run: Migration, state: State, of: Subject, timeout: float, known: str = "") -> str:
    """Say where users are, wait until they get in there, and return why they do not.

    :param timeout: seconds to wait at the most.
    :param known: why they did not before the run: said again, it is nothing to wait for.
    """
    if run.outside is not None and run.outside.has_ended:
        run.outside.end()
        run.outside = None
    if run.outside is None:  # died by itself, or with the process in which the run began
        run.outside = outside.start(run.plan.settings, run.folder, state)
    earlier = len(look.read(run.outside.file))
    run.outside.tell(state)

    def is_up(one: Look) -> bool:
        return one.state == state and not one.failed(of)

    def is_as_known(one: Look) -> bool:
        return one.state == state and bool(known) and _complaint(one, of) == known

    run.outside.wait(
        lambda looks: any(is_up(one) or is_as_known(one) for one in looks[earlier:]), timeout
    )
    seen = look.read(run.outside.file)
    return "" if any(is_up(one) for one in seen[earlier:]) else _complaint(seen[-1], of)


def looked(run: Migration) -> bool:
    """Whether anything was seen from outside in this run."""
    return bool(look.read(run.folder / outside.FILE))


def end(run: Migration, *, went_back: bool) -> None:
    """Call the prober back, and keep the figures of the whole run; nothing is raised."""
    if run.outside is None:
        return
    run.outside.end()
    settings = run.plan.settings
    try:
        # Where the source is files, canaries are only in a database that the project names itself.
        live = settings.before if went_back and not run.plan.from_files else settings.after
        figures = _figures(run, live)
        if went_back:
            figures = dataclasses.replace(figures, rollback_s=rollback(run.folder))
        run.measured = dataclasses.replace(figures, exercised=_exercised(run.facts))
        measured.write(run.measured, run.folder)
    except (GatepostError, psycopg.Error, OSError) as error:
        run.journal.note("failed", "measure", type(error).__name__)
        run.terminal.say(f"  not measured: {str(error).splitlines()[0]}", "red")


def has_exercised(folder: Path) -> bool:
    """Whether a run has used the application: what it wrote, and removed, is counted as written.

    :param folder: the run's.
    """
    return _exercised(folder / FACTS) is not None


def _exercised(facts: Path) -> Exercised | None:
    known = measured.read(facts)
    return known.exercised if known else None


def told(figures: Measured) -> Iterator[str]:
    """Yield the figures as a person says them."""
    if figures.downtime_s is None:
        yield f"{figures.of} not up again"
    else:
        yield f"{figures.of} down for {spoken(figures.downtime_s)}"
    if figures.canaries is not None:
        yield f"{figures.canaries - len(figures.lost)} of {figures.canaries} canaries present"


def tell(figures: Measured | None, limits: Limits, terminal: Terminal) -> None:
    """Say the figures at the end of a run, in red what is beyond a limit."""
    if figures is not None:
        for text, colour in _lines(figures, limits):
            terminal.say(f"  {text}", colour)


def _lines(figures: Measured, limits: Limits) -> Iterator[tuple[str, str]]:
    down = figures.downtime_s
    text = "not over" if down is None else f"{spoken(down)} seen from outside"
    late = down is None or measured.is_late(down, limits.downtime)
    yield _limited("downtime", text, limits.downtime, late=late)
    if figures.rollback_s is not None:
        text = spoken(figures.rollback_s)
        late = measured.is_late(figures.rollback_s, limits.rollback)
        yield _limited("rollback", text, limits.rollback, late=late)
    if figures.canaries is not None:
        complaint = next(measured.lost(figures), "")
        fine = f"all {figures.canaries} acknowledged are in the live database"
        yield f"{'canaries':9} {complaint or fine}", "red" if complaint else ""


def _limited(name: str, text: str, allowed: float, *, late: bool) -> tuple[str, str]:
    long = ": too long" if late else ""
    limit = f"{spoken(allowed)} allowed" if allowed else "no limit"
    return f"{name:9} {text}, {limit}{long}", "red" if late else ""


def _figures(run: Migration, live: Dsn) -> Measured:
    assert run.outside is not None  # asked for by those who have it
    every = run.plan.settings.project.prober.every
    looks = look.read(run.outside.file)
    return reading.measured(looks, run.outside.sight, every, live, drill(run.folder))


def drill(folder: Path) -> float | None:
    """Return the seconds that the swap drill of a run took; None where there was none."""
    began: float | None = None
    for line in journal.read(folder):
        if line.step == _DRILL and line.event == "intent":
            began = _moment(line)
        elif line.step == _DRILL and line.event == "done" and began is not None:
            return round(_moment(line) - began, 3)
    return None


def rollback(folder: Path) -> float | None:
    """Return the seconds from the no to the moment the old system was up; None without a way back.

    The way back begins where a step failed, or where the first is undone; it ends with the last
    that is undone before the prober looks whether that is so.
    """
    began: float | None = None
    ended: float | None = None
    for line in journal.read(folder):
        if line.event == "intent":  # nobody was going back, or the run was gone on with
            began = ended = None
        elif line.event in ("failed", "undo"):
            began = began or _moment(line)
        elif line.event == "undone" and line.step != _PROBER:
            ended = _moment(line)
    return None if began is None or ended is None else round(ended - began, 3)


def _moment(line: Line) -> float:
    return float(line.more["monotonic"])


def _patience(run: Migration) -> float:
    # A look may wait for the query, for the canary and for the application.
    prober = run.plan.settings.project.prober
    return 2 * prober.every + 4 * prober.timeout + 10


def _told(first: Look, of: str) -> str:
    if first.failed(of):
        return f"the {of} does not answer, before anything was done: {_complaint(first, of)}"
    return f"looking at the {of} from outside"


def _complaint(one: Look, of: str) -> str:
    return (one.application if of == "application" else one.database) or "it does"
