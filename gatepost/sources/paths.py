"""How is a field within a document named: `email`, `settings.theme`, `members[].userId`?

Keys stand as they are, dots in them included: what lies within what is told by the kinds that were
seen at the shorter path.
"""

from __future__ import annotations

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
