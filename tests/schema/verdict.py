"""What do all questions about declarations, asked at once, say of two databases?

The checks themselves are asked, each with what it asks for by name, as pytest would.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks import (
    test_extensions,
    test_objects,
    test_privileges,
    test_schema,
    test_sequences,
    test_settings,
)
from gatepost import plan, settings
from gatepost.errors import GatepostError
from gatepost.evidence import Evidence
from gatepost.origin import Source
from gatepost.parity.hashes import Hash
from gatepost.schema import privileges
from gatepost.schema.comparison import Comparison
from gatepost.settings import Settings
from gatepost.side import Side
from gatepost.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from gatepost.dsn import Dsn
    from gatepost.plan import Ask
    from gatepost.settings import Project

QUESTIONS: dict[str, ModuleType] = {
    "schema": test_schema,
    "settings": test_settings,
    "extensions": test_extensions,
    "privileges": test_privileges,
    "sequences": test_sequences,
    "objects": test_objects,
}


@dataclass
class Verdict:
    """Findings and notes, a line each, by question."""

    findings: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in QUESTIONS})
    notes: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in QUESTIONS})

    @property
    def lines(self) -> list[tuple[str, str]]:
        """All findings, each with its question."""
        return [(name, line) for name, lines in self.findings.items() for line in lines]


def side(label: str, dsn: Dsn, folder: Path) -> Side:
    """Return a live side whose facts are read once, however many comparisons it stands in.

    :param folder: for its facts; not shared with another side.
    """
    return Side("before" if label == "before" else "after", dsn, Store(folder))


@dataclass(frozen=True)
class _Handover:
    """Of a session's handover, what the checks read."""

    database: str
    hash: Hash = "hash64"


@dataclass(frozen=True)
class _Session:
    """Of a gate's session, what the checks read: facts of a side serve several of these."""

    settings: Settings
    before: Side
    after: Side
    handover: _Handover


def between(before: Side, after: Side, project: Project | None = None) -> Verdict:
    """Return what the questions say of two sides in a data gate."""
    chosen = settings.Settings(
        project=project or settings.Project(),
        folder=Path.cwd(),
        target_name="test",
        target=settings.Target(url=after.dsn.raw),
        source=Source(url=before.dsn.raw),
    )
    planned = plan.build(chosen, "data", before.catalog, after.catalog)
    given: dict[str, Any] = {
        "before": before,
        "after": after,
        "gatepost_settings": chosen,
        "gatepost_session": _Session(chosen, before, after, _Handover(after.dsn.dbname)),
        "comparison": Comparison(chosen, before, after),
        "rights": privileges.Comparison(
            before.privileges, after.privileges, chosen.project.privileges
        ),
        "digest_hash": "hash64",
        "asked_gate": "data",
    }
    found = Verdict()
    for name, module in QUESTIONS.items():
        for ask in planned.of(name):
            evidence = Evidence()
            asked = given | {plan.QUESTIONS[name].parameter: ask.subject, "evidence": evidence}
            found.findings[name] += _answer(_check(module), ask, asked)
            found.notes[name] += evidence.notes
    return found


def _check(module: ModuleType) -> Callable[..., None]:
    """Return the one check of a module."""
    (check,) = (
        one
        for name, one in vars(module).items()
        if name.startswith("test_") and inspect.isfunction(one)
    )
    return check


def _answer(check: Callable[..., None], ask: Ask, given: dict[str, Any]) -> list[str]:
    wanted = inspect.signature(check).parameters
    try:
        check(**{name: given[name] for name in wanted})
    except AssertionError as error:
        return _entries(str(error))
    except GatepostError as error:
        return [f"{ask.planned.check.subject}: not asked: {error.message}"]
    return []


def _entries(message: str) -> list[str]:
    """Return the findings of a message, each with its hints, which are indented."""
    said, explained, _ = message.partition("\nassert ")
    if explained:  # pytest's own words follow, and it has indented the lines after the first
        said = said.replace("\n  ", "\n")
    found: list[str] = []
    for line in said.splitlines():
        if line.startswith(" ") and found:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found
