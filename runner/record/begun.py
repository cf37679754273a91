"""With what did a run begin?  Its set-up and what was there, in the first line of its journal.

Whoever takes a dead run back, or on, must know what was there before it, and must not go on with
another configuration than it had.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from gatepost.tools import Tools

from ..plan import Plan
from ..servers.labels import Names
from ..servers.survey import Survey, Unfinished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.dsn import Dsn
    from gatepost.settings import Settings

    from .journal import Journal, Line

EVENT = "begin"
_SURVEY = TypeAdapter(Survey)
_TOOLS = TypeAdapter(Tools)
_DIGITS = 16  # of a hash


@dataclass(frozen=True)
class Begun:
    """The first line of a journal.

    :param setup: by section of the configuration, the hash of what it said.
    :param survey: what was there; without its tables, which nobody asks for afterwards.
    """

    label: str
    at: dt.datetime
    setup: Mapping[str, str]
    survey: Survey
    tools: Tools

    def plan(self, settings: Settings, given_target: str, given_source: str) -> Plan:
        """Return the plan that the run had, with today's addresses and passwords."""
        return Plan(
            settings=settings,
            survey=self.survey,
            tools=self.tools,
            names=Names(self.survey.live, self.label),
            given_target=given_target,
            given_source=given_source,
        )

    def refuse_another(self, plan: Plan) -> None:
        """Make sure that a plan has the run's own set-up.

        :raises Unfinished: a section of the configuration, or a server, is another one.
        """
        now = setup(plan)
        others = sorted(
            name for name in now.keys() | self.setup.keys() if now.get(name) != self.setup.get(name)
        )
        if others:
            raise Unfinished(
                f"run {self.label} was begun with another configuration: {', '.join(others)}",
                hint="give it back and resume, or abort the run and begin again",
            )


def setup(plan: Plan) -> dict[str, str]:
    """Return the set-up's fingerprint, by section; addresses count by what answers there.

    A new password, or another road to the same database, is no other set-up.
    """
    settings, there = plan.settings, plan.survey
    said = settings.project.model_dump(mode="json", exclude={"source", "targets"})
    for section in ("compare_schema", "backup"):
        (said[section] or {}).pop("scratch", None)  # an address, with a password in it
    for section in ("uploads", "deliveries", "probes"):
        for one in said[section]:
            one.pop("headers")  # a token, which may have run out since
    said["source"] = settings.source.model_dump(mode="json", exclude={"url", "scratch"})
    said["target"] = settings.target.model_dump(mode="json", exclude={"url"})
    if settings.phase:
        said["phase"] = settings.phase
    said["source's database"] = [there.source.system_identifier, there.origin.name]
    said["target's database"] = [there.target.system_identifier, there.live]
    return {name: _hash(section) for name, section in said.items()}


def note(journal: Journal, plan: Plan, label: str) -> None:
    """Write the first line.

    :raises ToolFailed: it cannot be kept.
    """
    journal.write(
        EVENT,
        label,
        setup=setup(plan),
        survey=_SURVEY.dump_python(
            plan.survey, mode="json", exclude={"maintenance": True, "tables": True}
        ),
        tools=_TOOLS.dump_python(plan.tools, mode="json"),
    )


def read(lines: Sequence[Line], maintenance: Dsn) -> Begun | None:
    """Return with what a run began; None where its journal does not tell.

    :param maintenance: where the runner stands now; an address is not in the journal.
    """
    if not lines or lines[0].event != EVENT:
        return None
    first = lines[0]
    try:
        survey = {**first.more["survey"], "maintenance": maintenance, "tables": ()}
        return Begun(
            label=first.step,
            at=first.at,
            setup=dict(first.more["setup"]),
            survey=_SURVEY.validate_python(survey),
            tools=_TOOLS.validate_python(first.more["tools"]),
        )
    except (KeyError, TypeError, ValueError, ValidationError):
        return None


def _hash(section: object) -> str:
    text = json.dumps(section, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
