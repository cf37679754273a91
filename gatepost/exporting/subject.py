"""Which collections are to be written back, and by what is a document of theirs known?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gatepost.origin import Export, SourceCollection
from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.settings import Settings

Known = Literal["id", "place", "content"]


@dataclass(frozen=True)
class Subject:
    """A collection that is to be written back.

    :param ids: the field that holds a document's id; empty if there is none.
    :param masked: ids are secrets and are not shown.
    """

    collection: str
    export: Export
    ids: str = ""
    masked: bool = False

    @property
    def known(self) -> Known:
        """By what a document is known."""
        if self.export.ordered:
            return "place"
        return "id" if self.ids else "content"

    def __repr__(self) -> str:
        return self.collection


def declared(settings: Settings, staged: Sequence[str]) -> Iterator[Subject | NotPlanned]:
    """Yield every collection that can be written back, and why others cannot.

    :param staged: the collections that the source has, whether anything is declared of them or not.
    """
    exports = settings.project.export
    if not settings.staged:
        if exports:
            yield NotPlanned(
                "export", "the source is no files that an export could be held against"
            )
        return
    collections = settings.source.collections
    for name, export in exports.items():
        rules = collections.get(name, SourceCollection())
        yield Subject(name, export, rules.ids, masked=rules.ids in rules.credentials)
    left = {name for name, rules in collections.items() if rules.unmapped} | exports.keys()
    missing = [name for name in staged if name not in left]
    if not exports:
        yield NotPlanned("export", "the project declares no [export.NAME]: there is no way back")
    elif missing:
        yield NotPlanned(
            "export", f"no query writes them back: {', '.join(missing)}: [export.NAME]"
        )
