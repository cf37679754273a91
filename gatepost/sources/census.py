"""Which fields were ever seen in a collection, how often, and what did they hold?"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Field:
    """What was seen at one path.

    :param present: in how many objects of that place the key stood, null or not; of `tags[]`, how
        many elements there were in all.
    :param nulls: how many of these were JSON null.
    :param kinds: as `jsonb_typeof` calls them, `null` among them, sorted.
    """

    present: int
    nulls: int
    kinds: tuple[str, ...]


@dataclass
class Census:
    """All that is known of a collection once it was read to its end; empty before.

    :param fields: by path, sorted: see `gatepost.sources.paths`.
    :param bytes_read: of the file; 0 of a table.
    :param sha256: of the file's bytes, in hexadecimal digits; of a table empty.
    """

    fields: dict[str, Field] = field(default_factory=dict)
    records: int = 0
    bytes_read: int = 0
    sha256: str = ""
