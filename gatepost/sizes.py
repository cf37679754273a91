"""How many bytes is `8 MB`, and how many a second is `10 MB/s`?"""

from __future__ import annotations

import re

# As `gatepost.wording.sized` says them: 1,024 of each make the next.
_UNITS = {"bytes": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_FORM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*")


def size(text: str) -> int:
    """Return the bytes that ``text`` names, as in `512 kB`, `8 MB`, `1.5 GB`.

    :raises ValueError: no number, or a unit that is none of these.
    """
    match = _FORM.fullmatch(text.lower())
    if match is None or match[2] not in _UNITS:
        raise ValueError(f"'{text}' is no size: write 512 kB, 8 MB or 1.5 GB")
    return round(float(match[1]) * _UNITS[match[2]])


def rate(text: str) -> float:
    """Return the bytes a second that ``text`` names, as in `10 MB/s`.

    :raises ValueError: no size, or not one a second.
    """
    amount, slash, unit = text.rpartition("/")
    try:
        each = size(amount) if slash and unit.strip() == "s" else 0
    except ValueError:
        each = 0
    if not each:
        raise ValueError(f"'{text}' is no rate: write 10 MB/s or 800 kB/s")
    return float(each)
