"""Is a database what its migrations build: as it stands, and once the pending ones ran?

What the ledger says and what is there are two facts.  The migrations that ran, and all of them, are
built on a scratch server, and the target is held against both.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost.errors import NotRecorded, UsageError
from gatepost.ledgers import standing, tables
from gatepost.migrations import chain
from gatepost.names import relation
from gatepost.schema import authors, changing, differences, lineage
from gatepost.schema.changing import Change
from gatepost.schema.comparison import Told
from gatepost.schema.respelling import Respelling, in_doubt, respelled
from gatepost.schema.scratch import Built, Scratch
from gatepost.schema.selection import Selection
from gatepost.schema.telling import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.ledgers.standing import Standing
    from gatepost.migrations.chain import File
    from gatepost.schema.catalog import Catalog
    from gatepost.schema.changing import Judged
    from gatepost.schema.declarations import Object
    from gatepost.schema.scratch import Chained
    from gatepost.settings import Settings
    from gatepost.side import Side

_OF_LEDGERS = ("", "lock", "_lock", "_id_seq")
_GONE_ALREADY = "the migrations that ran build it, a pending one drops it, and it is gone"
_NOT_THERE = "the migrations that ran build it, and it is not there"
_NOT_BUILT = "the pending migrations build it, and it is not there"


class InPlace:
    """One database before and after its pending migrations, and what these build from nothing.

    :param waiting: the pending migrations are still to run: both sides are the target as it is.
    """

    def __init__(self, settings: Settings, before: Side, after: Side, *, waiting: bool) -> None:
        self._settings = settings
        self._before = before
        self._waiting = waiting
        self._scratch = Scratch(settings, before, after)
        self._words = Respelling(self._scratch, before, after)

    @property
    def sides(self) -> tuple[Catalog, Catalog]:
        """Both sides, in their own words."""
        return self._words.own

    def of(self, identity: str) -> Told:
        """Return in what an object is not what the migrations make of it."""
        if self._is_ledger(identity):
            return self._of_ledger(identity)
        change = self._change
        if change is None:
            return self._by_both_sides(identity)
        if self._waiting and change.on_top:
            return Told()
        judged, by_words = self._judged(identity, change), list[str]()
        if in_doubt(judged.doubtful):
            judged = self._judged(identity, self._alike(change))
            by_words = self._words.unsaid(identity)
        return self._told(judged, by_words)

    def of_migrations(self) -> Told:
        """Return why the migrations build nothing, or what they build and is not there.

        :raises UsageError: there is no server to build them on.
        """
        built = self._chained
        if built.trouble and not built.refused:
            if built.on_top:
                return Told(
                    notes=(f"what the migrations will change is not known: {built.trouble}",)
                )
            raise UsageError(built.trouble)
        lines = [*([built.trouble] if built.refused else ()), *built.swallowed]
        notes: list[str] = []
        change = self._change
        if change is not None and not (self._waiting and change.on_top):
            for finding, text in self._missing(change):
                (lines if finding else notes).append(text)
            notes += self._extensions(change)
        findings = tuple(line.partition("\n")[0] for line in lines)
        return Told(findings, tuple(notes), "\n".join(lines))

    def _judged(self, identity: str, change: Change) -> Judged:
        return (changing.ahead if self._waiting else changing.afterwards)(identity, change)

    def _told(self, judged: Judged, by_words: list[str]) -> Told:
        lines: list[str] = []
        statements: dict[str, None] = {}
        for words, findings in judged.findings.items():
            files = self._files(words)
            for one in findings:
                lines += [one.text, *one.remedy.lines]
                lines += [] if one.remedy.hint else authors.hint(files, one.places[0])
                statements |= dict.fromkeys(one.remedy.statements)
            lines.append(words)
        told = {words: tuple(one.text for one in ones) for words, ones in judged.findings.items()}
        return Told(
            tuple(text for texts in told.values() for text in texts),
            (*judged.notes, *(by_words if judged.doubtful else ())),
            "\n".join(lines),
            told,
            "".join(f"{statement};\n" for statement in statements),
        )

    def _missing(self, change: Change) -> Iterator[tuple[bool, str]]:
        """Yield what is built and not there: whether that is a finding, and the words."""
        built = change.applied if self._waiting else change.whole
        absent = set(lineage.on_neither(built, (change.before, change.after)))
        for one in self._selected(one for one in built.objects if one.identity in absent):
            if self._waiting and not change.whole.object(one.identity):
                yield False, f"{one.identity}: {_GONE_ALREADY}"
            elif not self._waiting and change.applied.object(one.identity):
                yield False, f"drift that both have: {one.identity}: on neither side"
            else:
                words = _NOT_THERE if self._waiting else _NOT_BUILT
                place = Difference(one.identity, one.kind, "", "", (), one.attributes, None)
                hint = authors.hint(self._files(words), place)
                yield True, "\n".join((f"{one.identity}: {words}", *hint))

    def _extensions(self, change: Change) -> Iterator[str]:
        """Yield those that no migration creates: `extensions` asks for no third side."""
        if self._waiting:
            for one in self._selected(change.before.objects):
                if one.kind == "extension" and not change.whole.object(one.identity):
                    yield f"{one.identity}: in the target, in no migration"

    def _files(self, words: str) -> tuple[File, ...]:
        """Return the migrations that findings with these words at their end may be about."""
        there, folder = self._standing, self._settings.migrations
        if there is None:
            return chain.of(folder).files if folder else ()
        ran = words in (changing.DRIFT, _NOT_THERE)
        return there.applied if ran else (*there.applied, *there.pending)

    def _selected(self, objects: Iterable[Object]) -> list[Object]:
        chosen = self._settings.project.compare_schema
        return list(filter(Selection(chosen.only, chosen.leave_out).takes, objects))

    def _by_both_sides(self, identity: str) -> Told:
        """Return how both sides differ, where it is not known what the migrations build."""
        found = differences.between(identity, *self.sides)
        why = f"{identity}: what the migrations build is not known: {self._chained.trouble}"
        notes = (*found.notes, why) if found.findings else found.notes
        return Told(found.findings, notes, found.told, script=found.script)

    def _is_ledger(self, identity: str) -> bool:
        """Whether a table, or its lock or sequence, is the record of migrations: none builds it."""
        built = self._chained.whole
        if built is not None and not self._chained.on_top and built.object(identity):
            return False
        return identity in self._ledgers

    @cached_property
    def _ledgers(self) -> frozenset[str]:
        found = {one.table for one in tables.declared(self._settings, *self.sides)}
        found.add(self._settings.project.migrate.ledger)
        names = {str(relation(one)) for one in found}
        return frozenset(f"{name}{ending}" for name in names for ending in _OF_LEDGERS)

    def _of_ledger(self, identity: str) -> Told:
        """Return how the ledger itself has changed, which the first migration makes."""
        before, after = self.sides
        if before.object(identity) is None:
            return Told(notes=(f"{identity}: the record of migrations, which is new",))
        found = differences.between(identity, before, after)
        return Told(found.findings, found.notes, found.told, script=found.script)

    @cached_property
    def _change(self) -> Change | None:
        """The four catalogs in their own words; None where it is not known what is built."""
        built, strict = self._chained, self._settings.project.compare_schema.strict_names
        before, after = self.sides
        whole = built.whole or (built.applied if self._waiting else None)
        if whole is None:
            return None
        return Change(built.applied or before, whole, before, after, strict, built.on_top)

    def _alike(self, change: Change) -> Change:
        """Return the four in the words of one server, after a dump and a restore each."""
        before, after = self._words.alike
        if change.on_top:  # built of a dump from the first
            return replace(change, before=before, after=after)
        anew = self._scratch.chained(self._standing, spelled_anew=True)
        applied = _respelled(change.applied, anew.applied) if self._chained.applied else before
        return replace(
            change,
            applied=applied,
            whole=_respelled(change.whole, anew.whole),
            before=before,
            after=after,
        )

    @cached_property
    def _chained(self) -> Chained:
        return self._scratch.chained(self._standing)

    @cached_property
    def _standing(self) -> Standing | None:
        try:
            return standing.of(self._before.connection, self._settings, self._before.catalog)
        except NotRecorded:  # a baseline does not tell which migrations ran
            return None


def _respelled(own: Catalog, anew: Catalog | None) -> Catalog:
    return respelled(own, Built(anew)) if anew else own
