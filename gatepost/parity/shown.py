"""How is a value of a row shown, if at all?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_LINE = 60


def veiled(value: Any) -> str:
    """Return a short digest that stands for a masked value: the same value, the same digest."""
    return "#" + hashlib.sha256(str(value).encode()).hexdigest()[:10]


def plain(value: str | None) -> str:
    """Return a key's value as one short line."""
    if value is None:
        return "NULL"
    shown = value if len(value) <= _LINE else value[: _LINE - 1] + "…"
    return shown if shown.isprintable() else shown.encode("unicode_escape").decode()


def key(names: Sequence[str], values: Sequence[str | None], masked: Collection[str]) -> str:
    """Return the key of a row as in `id = (42)`; of a masked column the digest of its value."""
    told = (
        veiled(value) if name in masked else plain(value)
        for name, value in zip(names, values, strict=True)
    )
    return f"{', '.join(names)} = ({', '.join(told)})"
