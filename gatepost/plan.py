"""Which checks must a gate have answered?  Known before the first one is asked.

A pure function of the project's settings and the two catalogs, so that every worker comes to the
same plan by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost import front, locks, objects, references
from gatepost.additions import evolution, gone
from gatepost.additions import planned as additions
from gatepost.environments import planned as environments
from gatepost.exporting import subject as exports
from gatepost.front import named
from gatepost.ledgers import tables as ledger_tables
from gatepost.ledgers.standing import Standing
from gatepost.ledgers.tables import PRISMA
from gatepost.linting import planned as linting
from gatepost.locks import Locks
from gatepost.mapping import planned
from gatepost.measured import Measured
from gatepost.migrations.trial import Folder
from gatepost.names import Relation
from gatepost.parity import declared, relations
from gatepost.promotion import planned as promotion
from gatepost.questions import QUESTIONS
from gatepost.schema import configuration
from gatepost.schema.catalog import Catalog, Table
from gatepost.schema.lineage import MIGRATIONS
from gatepost.schema.selection import Selection
from gatepost.settings import Settings
from gatepost.uses import planned as uses
from gatepost.verdict import Check, NotPlanned, Planned
from gatepost.violations import planned as demands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gatepost.references import Reference
    from gatepost.schema.declarations import Object
    from gatepost.settings import Gate, Priority

__all__ = ["QUESTIONS", "Ask", "Plan", "build"]

_NOTHING: Mapping[Relation, Table] = {}
# What only a database has, and what is said of a source that is none.
_OF_A_DATABASE = frozenset({"settings", "extensions", "privileges"})
_FILES = "the source is files"
# What is asked of pending migrations, and who says why they give nothing to ask about.
_OF_PENDING = {"violations": demands.nothing, "uses": uses.nothing}
# What is asked of the documents themselves, which a baseline has not.
_OF_DOCUMENTS = frozenset({"ids", "credentials", "export"})
_NO_DOCUMENTS = "a baseline holds no documents: ask the files, if they are still there"


@dataclass(frozen=True)
class Ask:
    """A planned check, and the subject that its test is given."""

    planned: Planned
    subject: object


@dataclass(frozen=True)
class Plan:
    """All checks of a gate, and the questions that could not be planned, with the reason."""

    asks: tuple[Ask, ...]
    not_planned: tuple[NotPlanned, ...]

    def of(self, question: str) -> tuple[Ask, ...]:
        """Return what is to be asked of one question, without what does not apply."""
        return self._asked.get(question, ())

    @cached_property
    def _asked(self) -> dict[str, tuple[Ask, ...]]:
        grouped: dict[str, list[Ask]] = {}
        for ask in self.asks:
            if not ask.planned.not_applicable:
                grouped.setdefault(ask.planned.check.question, []).append(ask)
        return {question: tuple(asks) for question, asks in grouped.items()}


def build(
    settings: Settings,
    gate: Gate,
    before: Catalog,
    after: Catalog,
    *,
    target_exists: bool = True,
    yielded: Mapping[Relation, Table] = _NOTHING,
    measured: Measured | None = None,
    collections: Sequence[str] = (),
    standing: Standing | None = None,
    locked: Locks | None = None,
) -> Plan:
    """Return the plan of a gate.

    What neither database has is planned as not applicable: facts say so.  What the project gave
    no means to ask (no application, no backup named) is not planned, and the verdict tells.

    :param target_exists: False where the target's database is still to be made.
    :param yielded: for tables that a query of the project stands for, what the query yields.
    :param measured: what the runner has handed over; None where it is not the runner that asks.
    :param collections: that were staged, where the source is no database.
    :param standing: which migrations the rows before are still to meet; None where none will.
    :param locked: what the runner saw of the locks of a change in place; None where nobody watched.
    :raises UsageError: a rule of the project that no table can follow, or a pattern for nothing.
    """
    finished = gate != "pre"
    declared.check(settings, before, after, yielded, finished=finished)
    gates = ("data", "app") if gate == "post" else (gate,)
    builder = _Builder(
        settings,
        before,
        after,
        target_exists,
        yielded,
        measured,
        tuple(collections),
        standing,
        locked,
    )
    if finished:
        builder.selection.check(builder.declared)
    asks: list[Ask] = []
    not_planned: list[NotPlanned] = []
    for question in QUESTIONS.values():
        for one in gates:
            if one not in question.gates:
                continue
            for found in builder.of(question.name, one):
                if isinstance(found, NotPlanned):
                    not_planned.append(found)
                else:
                    asks.append(found)
    return Plan(tuple(asks), tuple(not_planned))


@dataclass(frozen=True)
class _Builder:
    """Yields, question by question, what is to be asked."""

    settings: Settings
    before: Catalog
    after: Catalog
    target_exists: bool
    yielded: Mapping[Relation, Table]
    measured: Measured | None
    collections: tuple[str, ...]
    standing: Standing | None
    locked: Locks | None

    def of(self, question: str, gate: Gate) -> Iterator[Ask | NotPlanned]:
        """Yield the checks of one question in one gate."""
        if self.settings.staged and question in _OF_A_DATABASE:
            yield NotPlanned(question, _FILES)
            return
        if self.settings.staged and self.settings.baseline and question in _OF_DOCUMENTS:
            yield NotPlanned(question, _NO_DOCUMENTS)
            return
        for found in self._found(question, gate):
            if isinstance(found, NotPlanned):
                yield found
                continue
            subject, name, priority = found
            yield Ask(Planned(Check(question, name), gate, priority), subject)
        yield from self._absent(question, gate)

    def _found(self, question: str, gate: Gate) -> Iterator[_Found | NotPlanned]:
        if question in front.ASKED:
            return front.ASKED[question](self.settings, self.measured, gate)
        found: Iterator[_Found | NotPlanned] = getattr(self, f"_{question}")(gate)
        return found

    def _absent(self, question: str, gate: Gate) -> Iterator[Ask]:
        """Yield the check that says why there is nothing to ask, if facts say so."""
        reason = self._no_schema(gate) if question == "schema" else self._nothing(question)
        if reason:
            yield Ask(Planned(Check(question, "database"), gate, not_applicable=reason), None)

    def _nothing(self, question: str) -> str:
        """Return why there is nothing that a question is about; empty where there is."""
        asked: dict[str, tuple[Callable[[], object], str]] = {
            "columns": (self._tables, "no table in either database"),
            "orphans": (self._references, "no reference in either database, and none declared"),
            "sequences": (self._sequence_names, "no sequence in either database"),
            "extensions": (self._extended, "no extension in either database"),
        }
        if question in asked:
            there, reason = asked[question]
            return "" if there() else reason
        if question == "additions" and additions.none(self.settings, self.after, self.new):
            return additions.NOTHING_NEW
        if question == "locks" and not any(locks.planned(self.locked, self.settings)):
            return str(self.locked)
        if question == linting.QUESTION:
            return linting.nothing(self.standing)
        if question in _OF_PENDING:
            return _OF_PENDING[question](self.settings, self.standing, self.before)
        return ""

    def _extended(self) -> bool:
        return any(one.kind == "extension" for one in self.declared)

    def _no_schema(self, gate: Gate) -> str:
        """Return why no declarations can be compared; empty where they can."""
        if not self.target_exists:
            return "the target's database does not exist yet"
        if self._makes_anew(gate):
            return "the tables of the target are made anew"
        if gate == "pre" and not self.after.tables:
            return "the target's database holds no table yet"
        return ""

    def _connect(self, _gate: Gate) -> Iterator[_Found]:
        yield from named(("before", "after"), "critical")

    def _identity(self, _gate: Gate) -> Iterator[_Found]:
        yield from named(("databases",), "critical")

    def _versions(self, _gate: Gate) -> Iterator[_Found]:
        yield from named(("servers", "tools", "libraries"), "critical")

    def _role(self, _gate: Gate) -> Iterator[_Found]:
        yield from named(("before", "after"), "critical")

    def _backup(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        backup = self.settings.project.backup
        if backup is None:
            yield NotPlanned("backup", "the project names none: [backup]")
        elif not self.target_exists:
            yield NotPlanned("backup", "the target's database does not exist yet")
        elif self.settings.rehearsal:
            yield NotPlanned("backup", "a rehearsal writes to a database that stands in for it")
        else:
            yield backup, backup.place, "critical"

    def _promote(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from promotion.promote(self.settings)

    def _environment(self, gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from environments.environment(self.settings, gate, exists=self.target_exists)

    def _schema(self, gate: Gate) -> Iterator[_Found | NotPlanned]:
        declared = self.settings.project.compare_schema
        if self.settings.staged and not (self.settings.migrations or declared.build):
            yield NotPlanned("schema", f"{_FILES}, and [schema] names no migrations")
            return
        if self._makes_anew(gate):
            return
        if declared.migrations or declared.build or self.settings.meets_migrations:
            yield MIGRATIONS, MIGRATIONS, "important"
        if not self.target_exists or (gate == "pre" and not self.after.tables):
            return
        yield from self._selected("schema", lambda kind: kind != "extension")

    def _makes_anew(self, gate: Gate) -> bool:
        """Whether what the target declares now is of no account: another database replaces it."""
        return gate == "pre" and self.settings.staged and not self.settings.in_place

    def _settings(self, _gate: Gate) -> Iterator[_Found]:
        # Of a target that is still to be made only the server is there.
        subjects = configuration.SUBJECTS if self.target_exists else ("server",)
        yield from named(subjects, "important")

    def _extensions(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from self._selected("extensions", lambda kind: kind == "extension")

    def _selected(self, question: str, of: Callable[[str], bool]) -> Iterator[_Found | NotPlanned]:
        found = [one for one in self.declared if of(one.kind)]
        for identity in self.selection.taken(found):
            if identity == self.settings.written_ledger:
                yield NotPlanned(question, f"{identity} is made by the run: `ledger` reads it")
                continue
            name = identity.removeprefix("extension ")
            yield name, name, self.settings.priority(name)
        for why in self.selection.left_out(found):
            yield NotPlanned(question, why)

    def _locks(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from locks.planned(self.locked, self.settings)

    def _privileges(self, _gate: Gate) -> Iterator[_Found]:
        schemas = sorted({one.identity for one in self.declared if one.kind == "schema"})
        yield from named(("database", "roles", "default privileges", *schemas), "important")

    def _ledger(self, gate: Gate) -> Iterator[_Found | NotPlanned]:
        ledgers = ledger_tables.declared(self.settings, self.before, self.after)
        for ledger in ledgers:
            yield ledger, ledger.table, "important"
        if not ledgers:
            yield NotPlanned("ledger", f"no table {PRISMA}, and the project names no [[ledgers]]")
        if rivals := ledger_tables.rivals(self.settings, self.before, self.after):
            yield rivals, str(rivals), "important"
        folder = self.settings.migrations
        if gate == "pre" and folder and self.settings.project.migrate.runs_migrations:
            yield Folder(folder.name), folder.name, "important"

    def _lint(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from linting.lint(self.standing)

    def _coverage(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from planned.coverage(self.settings, self.collections)

    def _ids(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from planned.ids(self.settings, self.collections, self.before, self.after)

    def _casts(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from planned.casts(self.settings)

    def _credentials(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from planned.credentials(self.settings, self.collections)

    def _counters(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from gone.counters(self.settings, self.before, self.after)

    def _additions(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from additions.additions(self.settings, self.after, self.new)

    def _content(self, gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from additions.content(self.settings, gate, self.before)

    def _violations(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from demands.violations(self.settings, self.standing, self.before)

    def _uses(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from uses.uses(self.settings, self.standing, self.before)

    def _rows(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        for table in self._tables():
            yield self._table(table)
        if not self._tables():
            # Two empty databases are equal, and never what was meant: this check says no.
            yield None, "database", "critical"
        for why in relations.left_out(self.settings, self.before, self.after, self.yielded):
            yield NotPlanned("rows", why)

    def _columns(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        for table in self._tables():
            if self.after.table(table.relation) or not evolution.because(
                self.settings, table.relation
            ):
                yield self._table(table)
            else:
                yield NotPlanned("columns", f"{table.relation} is gone, as declared")

    def _orphans(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from gone.orphans(self.settings, self.before, self.after)

    def _sequences(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        yield from gone.sequences(self.settings, self.before, self.after, self.selection)

    def _export(self, _gate: Gate) -> Iterator[_Found | NotPlanned]:
        for one in exports.declared(self.settings):
            yield one if isinstance(one, NotPlanned) else (one, one.collection, "important")

    def _objects(self, _gate: Gate) -> Iterator[_Found]:
        yield from named(objects.SUBJECTS, "important")

    @cached_property
    def declared(self) -> tuple[Object, ...]:
        """The objects of both sides."""
        return (*self.before.objects, *self.after.objects)

    @cached_property
    def new(self) -> evolution.Evolution:
        """What is new after, where the after side was made of the before side."""
        return evolution.of(self.settings, self.before, self.after, self.yielded)

    @cached_property
    def selection(self) -> Selection:
        """Which of these the project wants compared."""
        chosen = self.settings.project.compare_schema
        return Selection(chosen.only, chosen.leave_out)

    def _table(self, table: Table) -> _Found:
        name = str(table.relation)
        return table.relation, name, self.settings.priority(name)

    def _tables(self) -> list[Table]:
        return relations.compared(self.settings, self.before, self.after, self.yielded)

    def _references(self) -> tuple[Reference, ...]:
        return references.known(self.settings, self.after, self.before)

    def _sequence_names(self) -> list[str]:
        sides = (self.before, self.after)
        return sorted({str(one.relation) for side in sides for one in side.sequences})


_Found = tuple[object, str, "Priority"]
