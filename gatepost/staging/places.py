"""Where in the database of a staged source is what, and how is it called there?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from gatepost.names import Relation

if TYPE_CHECKING:
    from collections.abc import Container

# Tables `fields`, `files` and `columns`: what was found, and where it went.
REGISTRY = "gatepost"
# A table for each collection, of its own name: `record bigint primary key, doc jsonb`.  In a schema
# of their own, since a collection may be called `files` too.
DOCUMENTS = "documents"
# A view for each collection with a column for each field, one for what is nested; the table `ids`.
STAGED = "staged"
# A view for each `[tables."public.users"] from`, named `public.users`.
MAPPED = "mapped"
# What is no part of the source: no catalog of a staged side tells of them.
OURS = (DOCUMENTS, REGISTRY, MAPPED, STAGED)

IDS = Relation(STAGED, "ids")

# Where PostgreSQL ends a name without a word.
_LONGEST = 63
_DIGITS = 8


def documents_of(collection: str) -> Relation:
    """Return the table that holds the documents of a collection."""
    return Relation(DOCUMENTS, collection)


def view_of(relation: Relation) -> Relation:
    """Return the view that stands for what a table should hold."""
    return Relation(MAPPED, fitted(str(relation)))


def fitted(name: str, taken: Container[str] = ()) -> str:
    """Return a name that PostgreSQL keeps as it is, and that is none of those ``taken``.

    Nearly always the name itself.  A longer one ends in a hash of all of it; one without a letter,
    as JSON allows, is `_`; one that is taken gets `_` behind it.
    """
    found = name or "_"
    while found in taken or len(found.encode()) > _LONGEST:
        if len(found.encode()) > _LONGEST:
            digest = hashlib.sha256(found.encode()).hexdigest()[:_DIGITS]
            kept = found.encode()[: _LONGEST - _DIGITS - 1].decode(errors="ignore")
            found = f"{kept}~{digest}"
        else:
            found += "_"
    return found
