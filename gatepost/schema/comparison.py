"""Is one object declared alike on both sides, and if not, since when?

The two catalogs decide nearly always.  Where only their words differ, a scratch server spells both;
where the project names its migrations, what they build is the third side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost import names
from gatepost.errors import UsageError
from gatepost.ledgers.tables import PRISMA
from gatepost.schema import differences, lineage
from gatepost.schema.lineage import WORDS, Sides
from gatepost.schema.respelling import Respelling, in_doubt
from gatepost.schema.scratch import NOTHING, Scratch
from gatepost.schema.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.schema.declarations import Object
    from gatepost.schema.differences import Differences
    from gatepost.schema.scratch import Built
    from gatepost.schema.telling import Difference
    from gatepost.settings import Settings
    from gatepost.side import Side


@dataclass(frozen=True)
class Told:
    """What is to be said of one object.

    :param text: the findings for people: each with what would mend it, and after those of one
        lineage the line that says so.
    :param lineage: by those words, the findings; empty without migrations.
    :param script: the statements that would make after what before is.
    """

    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    text: str = ""
    lineage: dict[str, tuple[str, ...]] = field(default_factory=dict)
    script: str = ""


class Comparison:
    """What both sides declare, and what a scratch server says of it where it is asked.

    :param exists: False while the target's database is still to be made: the after side has none.
    """

    def __init__(
        self, settings: Settings, before: Side, after: Side, *, exists: bool = True
    ) -> None:
        self._project = settings.project
        self._declared = settings.project.compare_schema
        self._scratch = Scratch(settings, before, after)
        self._words = Respelling(self._scratch, before, after, exists=exists)

    def of(self, identity: str) -> Told:
        """Return how an object differs between both sides.

        Without migrations no scratch server is asked before the words of the two differ.
        """
        sides = self._own
        found = self._between(identity, sides)
        by_words: list[str] = []
        if in_doubt(_places(found)):
            sides, by_words = self._alike, self._words.unsaid(identity)
            found = self._between(identity, sides)
        notes = [*found.notes, *by_words]
        if not self._declared.migrations and not self._declared.build:
            return _told(found, notes)
        if self._built.trouble:
            if found.findings:
                notes.append(f"{identity}: its lineage is not known: {self._built.trouble}")
            return _told(found, notes)
        if self._is_ledger(identity):
            return _told(found, notes)
        return self._traced(identity, found, sides, notes)

    def of_migrations(self) -> Told:
        """Return what the migrations build and neither side has.

        Where there is no target yet, its source's drift from them is noted as well: no other check
        would tell it.

        :raises UsageError: there is no server to build them on.
        """
        built = self._built
        if built.refused:
            return Told((built.trouble,), text=built.trouble)
        if built.trouble:
            raise UsageError(built.trouble)
        sides = self._own
        absent = set(lineage.on_neither(sides.built, (sides.before, sides.after)))
        wanted = self._selected(one for one in sides.built.objects if one.identity in absent)
        findings = tuple(f"{one}: the migrations build it, neither side has it" for one in wanted)
        drift = () if sides.after.tables else tuple(self._drift_before())
        return Told(findings, drift, "\n".join(findings))

    def _drift_before(self) -> Iterator[str]:
        sides = self._own
        for identity in self._selected(sides.before.objects):
            if not self._is_ledger(identity):
                yield from lineage.drift_of(identity, sides.built, sides.before, "before")

    def _selected(self, objects: Iterable[Object]) -> list[str]:
        return Selection(self._declared.only, self._declared.leave_out).taken(objects)

    def _traced(self, identity: str, found: Differences, sides: Sides, notes: list[str]) -> Told:
        drift = lineage.shared(identity, sides)
        if in_doubt(drift):
            sides = self._alike
            drift = lineage.shared(identity, sides)
            notes += [one for one in self._words.unsaid(identity) if drift and one not in notes]
        lines: list[str] = []
        told = lineage.traced(identity, found, sides)
        for since, findings in told.items():
            # What is new in the target is mended in the source, if at all.
            remedies = {} if since == "new" else _remedies(found)
            for finding in findings:
                lines += [finding, *remedies.get(finding, ())]
            lines.append(WORDS[since])
        return Told(
            found.findings,
            (*notes, *lineage.drift_of_both(drift)),
            "\n".join(lines),
            {WORDS[since]: tuple(findings) for since, findings in told.items()},
            found.script,
        )

    def _between(self, identity: str, sides: Sides) -> Differences:
        strict = self._declared.strict_names
        return differences.between(identity, sides.before, sides.after, strict=strict)

    @cached_property
    def _own(self) -> Sides:
        """The sides in their own words."""
        migrations = self._declared.migrations or self._declared.build
        return Sides(self._built.catalog if migrations else NOTHING, *self._words.own)

    @cached_property
    def _alike(self) -> Sides:
        """The sides in the words of one server."""
        return Sides(self._own.built, *self._words.alike)

    @cached_property
    def _built(self) -> Built:
        return self._scratch.migrated()

    def _is_ledger(self, identity: str) -> bool:
        """Whether a table is the record of migrations, which none of them builds."""
        if self._built.catalog.object(identity):
            return False
        declared = {str(names.relation(one.table)) for one in self._project.ledgers}
        declared.add(self._project.migrate.ledger)
        return identity in declared or identity.rpartition(".")[2] == PRISMA


def _places(found: Differences) -> list[Difference]:
    return [place for detail in found.details for place in detail.places]


def _told(found: Differences, notes: list[str]) -> Told:
    return Told(found.findings, tuple(notes), found.told, script=found.script)


def _remedies(found: Differences) -> dict[str, list[str]]:
    """Return what would mend each finding."""
    pairs = zip(found.findings, found.details, strict=False)
    return {finding: detail.remedy.lines for finding, detail in pairs}
