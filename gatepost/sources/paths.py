"""How is a field within a document named: `email`, `settings.theme`, `members[].userId`?

Keys stand as they are, dots in them included: what lies within what is told by the kinds that were
seen at the shorter path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# What stands for the keys of an object that is used as a map, beyond those that are told by name.
ANY = "*"
# Before the keys that a file has beside its collection: `$.version` is no field of a record.
FILE = "$"


def under(path: str, key: str) -> str:
    """Return the path of the value that ``key`` has in the object at ``path``; '' is the record."""
    return f"{path}.{key}" if path else key


def within(path: str) -> str:
    """Return the path of the elements of the array at ``path``."""
    return f"{path}[]"


def before(path: str, key: str) -> Iterator[str]:
    """Yield the places beside ``key``, in the object at ``path``, within which it seems to lie."""
    if not path and not key:
        yield ""  # what lies in it has the paths of what lies beside it
    for found in re.finditer(r"\.|\[\]", key):
        yield under(path, key[: found.start()])
