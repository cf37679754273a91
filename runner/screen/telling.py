"""How is a plan told, to a person and to a program?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gatepost.durations import spoken

from .. import steps

if TYPE_CHECKING:
    from ..plan import Plan
    from ..rehearsals.rehearsal import Expected
    from .terminal import Terminal

# The steps that run migrations on what will be live.
_RUN_BY = ("migrations", "change")
_UNREHEARSED = "never rehearsed: nobody knows how long it takes (gatepost rehearse)"


def as_data(plan: Plan, expected: Expected | None) -> dict[str, Any]:
    """Return a plan for a program; seconds as they were in the last rehearsal."""
    took = expected.steps if expected else {}
    migrations = expected.migrations if expected else {}
    told: list[dict[str, Any]] = [
        {"step": step.name, "does": step.says(plan), "expected_s": _rounded(took.get(step.name))}
        for step in steps.of(plan)
    ]
    return {
        "project": plan.settings.project.name,
        "target": plan.settings.target_name,
        "strategy": plan.settings.target.strategy,
        "fill": plan.settings.project.migrate.fill,
        "before": vars(plan.before()),
        "after": vars(plan.after()),
        "tools": vars(plan.tools),
        "steps": told,
        "hooks": sorted(plan.settings.project.migrate.hooks),
        "window": window_data(expected),
        "migrations": {name: _rounded(took) for name, took in migrations.items()},
        "forgotten": list(plan.forgotten),
    }


def to_person(plan: Plan, expected: Expected | None, terminal: Terminal, heading: str) -> None:
    """Say what would be done, step by step."""
    before, after = plan.before(), plan.after()
    terminal.say(f"{plan.settings.project.name}: {heading}", "bold")
    terminal.say(f"  from  {before.database} on {before.server}, PostgreSQL {before.version}")
    terminal.say(f"  to    {after.database} on {after.server}, PostgreSQL {after.version}")
    terminal.say()
    todo = steps.of(plan)
    width = max(len(step.name) for step in todo)
    for number, step in enumerate(todo, 1):
        took = expected.steps.get(step.name) if expected else None
        time = f"{spoken(took) if took is not None else '':>9}  " if expected else ""
        terminal.say(f"  {number:2}. {step.name:{width}} {time}{step.says(plan)}")
        if expected and step.name in _RUN_BY:
            for name, seconds in expected.migrations.items():
                terminal.say(f"      {'':{width}} {spoken(seconds):>9}  {name}")
    for when in plan.settings.project.migrate.hooks:
        terminal.say(f"      {when}: your hook")
    for name in plan.forgotten:
        terminal.say(f"  {name} is pending, and of no phase: no run runs it", "red")
    terminal.say()


def window(expected: Expected | None, terminal: Terminal) -> None:
    """Say how long the application will be down."""
    if expected is None:
        terminal.say(f"  window    {_UNREHEARSED}", "yellow")
        return
    late = "" if expected.fits else ": too long"
    terminal.say(f"  window    {expected.told}{late}", "red" if late else "")
    terminal.say(f"            as measured on {expected.server}")


def window_data(expected: Expected | None) -> dict[str, Any] | None:
    """Return the same for a program; None where there was no rehearsal."""
    if expected is None:
        return None
    return {
        "rehearsed": expected.at.isoformat(),
        "on": expected.server,
        "expected_s": _rounded(expected.window),
        "allowed_s": expected.allowed,
        "growth": round(expected.growth, 3),
        "without": list(expected.unknown),
        "fits": expected.fits,
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
