"""What is there to be asked, question by question, and why is something else not asked?"""

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
from gatepost.linting import planned as linting
from gatepost.locks import Locks
from gatepost.mapping import planned
from gatepost.measured import Measured
from gatepost.migrations.trial import Folder
from gatepost.names import Relation
from gatepost.parity import relations
from gatepost.promotion import planned as promotion
from gatepost.schema import configuration
from gatepost.schema.catalog import Catalog, Table
from gatepost.schema.lineage import MIGRATIONS
from gatepost.schema.selection import Selection
from gatepost.settings import Settings
from gatepost.uses import planned as uses
from gatepost.verdict import NotPlanned
from gatepost.violations import planned as demands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.schema.declarations import Object
    from gatepost.settings import Gate, Priority

    Found = tuple[object, str, Priority]

# What only a database has, and what is said of a source that is none.
_OF_A_DATABASE = frozenset({"settings", "extensions", "privileges"})
_FILES = "the source is files"
_NO_LEDGER = "no table of a layout that we know, and the project names no [[ledgers]]"
# What is asked of pending migrations, and what is said where they give nothing to ask about.
_OF_PENDING = {"lint": linting.NOTHING, "violations": demands.NOTHING, "uses": uses.NOTHING}
# What is asked of the documents themselves, which a baseline has not.
_OF_DOCUMENTS = frozenset({"ids", "credentials", "export"})
_NO_DOCUMENTS = "a baseline holds no documents: ask the files, if they are still there"


@dataclass(frozen=True)
class Subjects:
    """What there is to be asked of two sides.

    :param target_exists: False where the target's database is still to be made.
    :param yielded: for tables that a query of the project stands for, what the query yields.
    :param measured: what the runner has handed over; None where it is not the runner that asks.
    :param collections: that were staged, where the source is no database.
    :param standing: which migrations the rows before are still to meet; None where none will.
    :param locked: what the runner saw of the locks of a change in place; None where nobody watched.
    """

    settings: Settings
    before: Catalog
    after: Catalog
    target_exists: bool
    yielded: Mapping[Relation, Table]
    measured: Measured | None
    collections: tuple[str, ...]
    standing: Standing | None
    locked: Locks | None

    def of(self, question: str, gate: Gate) -> Iterator[Found | NotPlanned]:
        """Yield the subjects of one question in one gate, and why there are no others."""
        if why := self._barred(question):
            yield NotPlanned(question, why)
        else:
            yield from self._found(question, gate)

    def nothing(self, question: str, gate: Gate) -> str:
        """Return why there is nothing that a question is about; empty where there is."""
        if self._barred(question):
            return ""
        return self._no_schema(gate) if question == "schema" else self._none(question)

    def _barred(self, question: str) -> str:
        """Return why a question cannot be asked of a source of this kind."""
        if self.settings.staged and question in _OF_A_DATABASE:
            return _FILES
        if self.settings.staged and self.settings.baseline and question in _OF_DOCUMENTS:
            return _NO_DOCUMENTS
        return ""

    def _found(self, question: str, gate: Gate) -> Iterator[Found | NotPlanned]:
        if question in front.ASKED:
            return front.ASKED[question](self.settings, self.measured, gate)
        if question in _OF_PENDING:
            return self._of_pending(question)
        found: Iterator[Found | NotPlanned] = getattr(self, f"_{question}")(gate)
        return found

    def _none(self, question: str) -> str:
        asked: dict[str, tuple[Callable[[], object], str]] = {
            "columns": (self._tables, "no table in either database"),
            "orphans": (self._references, "no reference in either database, and none declared"),
            "sequences": (self._sequences_of_both, "no sequence in either database"),
            "extensions": (self._extended, "no extension in either database"),
        }
        if question in asked:
            there, reason = asked[question]
            return "" if there() else reason
        if question == "additions" and additions.none(self.settings, self.after, self.new):
            return additions.NOTHING_NEW
        if question == "locks" and not any(locks.planned(self.locked, self.settings)):
            return str(self.locked)
        if question in _OF_PENDING:
            return "" if any(self._of_pending(question)) else _OF_PENDING[question]
        return ""

    def _of_pending(self, question: str) -> Iterator[Found | NotPlanned]:
        """Yield what is to be asked of pending migrations, or why they cannot be read."""
        files = linting.readable(self.standing)
        if isinstance(files, str):
            yield NotPlanned(question, files)
        elif question == "lint":
            yield from linting.lint(files)
        elif question == "violations":
            yield from demands.violations(self.settings, files, self.before)
        else:
            yield from uses.uses(self.settings, files, self.before)

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

    def _connect(self, _gate: Gate) -> Iterator[Found]:
        yield from named(("before", "after"), "critical")

    def _identity(self, _gate: Gate) -> Iterator[Found]:
        yield from named(("databases",), "critical")

    def _versions(self, _gate: Gate) -> Iterator[Found]:
        yield from named(("servers", "tools", "libraries"), "critical")

    def _role(self, _gate: Gate) -> Iterator[Found]:
        yield from named(("before", "after"), "critical")

    def _backup(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        backup = self.settings.project.backup
        if backup is None:
            yield NotPlanned("backup", "the project names none: [backup]")
        elif not self.target_exists:
            yield NotPlanned("backup", "the target's database does not exist yet")
        elif self.settings.rehearsal:
            yield NotPlanned("backup", "a rehearsal writes to a database that stands in for it")
        else:
            yield backup, backup.place, "critical"

    def _promote(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from promotion.promote(self.settings)

    def _environment(self, gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from environments.environment(self.settings, gate, exists=self.target_exists)

    def _schema(self, gate: Gate) -> Iterator[Found | NotPlanned]:
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

    def _settings(self, _gate: Gate) -> Iterator[Found]:
        # Of a target that is still to be made only the server is there.
        subjects = configuration.SUBJECTS if self.target_exists else ("server",)
        yield from named(subjects, "important")

    def _extensions(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from self._selected("extensions", lambda kind: kind == "extension")

    def _selected(self, question: str, of: Callable[[str], bool]) -> Iterator[Found | NotPlanned]:
        found = [one for one in self.declared if of(one.kind)]
        for identity in self.selection.taken(found):
            if identity == self.settings.written_ledger:
                yield NotPlanned(question, f"{identity} is made by the run: `ledger` reads it")
                continue
            name = identity.removeprefix("extension ")
            yield name, name, self.settings.priority(name)
        for why in self.selection.left_out(found):
            yield NotPlanned(question, why)

    def _locks(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from locks.planned(self.locked, self.settings)

    def _privileges(self, _gate: Gate) -> Iterator[Found]:
        schemas = sorted({one.identity for one in self.declared if one.kind == "schema"})
        yield from named(("database", "roles", "default privileges", *schemas), "important")

    def _ledger(self, gate: Gate) -> Iterator[Found | NotPlanned]:
        ledgers = ledger_tables.declared(self.settings, self.before, self.after)
        for ledger in ledgers:
            yield ledger, ledger.table, "important"
        if not ledgers:
            yield NotPlanned("ledger", _NO_LEDGER)
        if rivals := ledger_tables.rivals(self.settings, self.before, self.after):
            yield rivals, str(rivals), "important"
        folder = self.settings.migrations
        if gate == "pre" and folder and self.settings.project.migrate.runs_migrations:
            yield Folder(folder.name), folder.name, "important"

    def _coverage(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from planned.coverage(self.settings, self.collections)

    def _ids(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from planned.ids(self.settings, self.collections, self.before, self.after)

    def _casts(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from planned.casts(self.settings)

    def _credentials(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from planned.credentials(self.settings, self.collections)

    def _counters(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from gone.counters(self.settings, self.before, self.after)

    def _additions(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from additions.additions(self.settings, self.after, self.new)

    def _content(self, gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from additions.content(self.settings, gate, self.before)

    def _rows(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        for table in self._tables():
            name = str(table.relation)
            yield table.relation, name, self.settings.priority(name)
        if not self._tables():
            # Two empty databases are equal, and never what was meant: this check says no.
            yield None, "database", "critical"
        for why in relations.left_out(self.settings, self.before, self.after, self.yielded):
            yield NotPlanned("rows", why)

    def _columns(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from gone.columns(self.settings, self.after, self._tables())

    def _orphans(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from gone.orphans(self.settings, self.before, self.after)

    def _sequences(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        yield from gone.sequences(self.settings, self.before, self.after, self.selection)

    def _export(self, _gate: Gate) -> Iterator[Found | NotPlanned]:
        for one in exports.declared(self.settings, self.collections):
            yield one if isinstance(one, NotPlanned) else (one, one.collection, "important")

    def _objects(self, _gate: Gate) -> Iterator[Found]:
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

    def _references(self) -> object:
        return references.known(self.settings, self.after, self.before)

    def _sequences_of_both(self) -> object:
        return (*self.before.sequences, *self.after.sequences)

    def _tables(self) -> list[Table]:
        return relations.compared(self.settings, self.before, self.after, self.yielded)
