"""Which columns point to which, by a foreign key or because the project says so?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gatepost import names
from gatepost.names import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Settings

Match = Literal["simple", "full", "partial"]


@dataclass(frozen=True)
class Reference:
    """A claim that every child has its parent, catalogued or declared.

    :param operators: one a column, as `schema.operator`: the equality that the key was made with,
        which need not be the one that the search path would find.
    :param declared: by the project, where the catalog knows nothing of it.
    """

    child: Relation
    child_columns: tuple[str, ...]
    parent: Relation
    parent_columns: tuple[str, ...]
    match: Match = "simple"
    operators: tuple[str, ...] = ()
    declared: bool = False

    def __str__(self) -> str:
        columns = ", ".join(self.child_columns)
        inner = columns if len(self.child_columns) == 1 else f"({columns})"
        return f"{self.child}.{inner}"

    def __repr__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The reference's name in the plan: two keys of one column may point to two parents."""
        columns = ", ".join(self.parent_columns)
        inner = columns if len(self.parent_columns) == 1 else f"({columns})"
        return f"{self} -> {self.parent}.{inner}"

    def is_in(self, catalog: Catalog) -> bool:
        """Whether a side has all the columns at both ends."""
        return not tuple(self.lacking(catalog))

    def lacking(self, catalog: Catalog) -> Iterator[tuple[Relation, str]]:
        """Yield the columns at its ends that a side has not."""
        for relation, columns in (
            (self.child, self.child_columns),
            (self.parent, self.parent_columns),
        ):
            table = catalog.table(relation)
            for name in columns:
                if table is None or table.column(name) is None:
                    yield relation, name


def known(settings: Settings, *sides: Catalog) -> tuple[Reference, ...]:
    """Return every reference that a side knows, or the project declares, in the order of names.

    :param sides: the last that knows a reference says how its values are compared.
    """
    found = {one.subject: one for side in sides for one in catalogued(side)}
    for each in settings.project.references:
        one = declared(each.child, each.parent)
        found.setdefault(one.subject, one)
    return tuple(found[subject] for subject in sorted(found))


def catalogued(catalog: Catalog) -> Iterator[Reference]:
    """Yield a reference for each foreign key, each column pair once."""
    seen = set()
    for key in catalog.foreign_keys:
        reference = Reference(
            child=key.child,
            child_columns=key.child_columns,
            parent=key.parent,
            parent_columns=key.parent_columns,
            match=key.match,
            operators=key.operators,
        )
        if reference.subject not in seen:
            seen.add(reference.subject)
            yield reference


def declared(child: str, parent: str) -> Reference:
    """Return the reference that the project declares from `s.t.column` to `s.t.column`.

    :raises UsageError: a name that is no column's.
    """
    child_relation, child_column = names.column(child)
    parent_relation, parent_column = names.column(parent)
    return Reference(
        child=child_relation,
        child_columns=(child_column,),
        parent=parent_relation,
        parent_columns=(parent_column,),
        declared=True,
    )
