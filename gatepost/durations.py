"""How long is `10 min`, in seconds, and how are seconds told to a person?"""

from __future__ import annotations

import re

_DAY = 86_400.0
_UNITS = {"ms": 0.001, "s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0}
_UNITS |= {"d": _DAY, "day": _DAY, "days": _DAY}
_FORM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*")


def seconds(text: str) -> float:
    """Return the seconds that ``text`` names, as in `200 ms`, `5 s`, `10 min`, `2 h`, `7 days`.

    :raises ValueError: no number, or a unit that is none of these.
    """
    match = _FORM.fullmatch(text.lower())
    if match is None or match[2] not in _UNITS:
        raise ValueError(f"'{text}' is no duration: write 200 ms, 5 s, 10 min, 2 h or 7 days")
    return float(match[1]) * _UNITS[match[2]]


def spoken(duration: float) -> str:
    """Return ``duration`` in seconds as a person says it."""
    if duration < 1:
        return f"{duration * 1000:.0f} ms"
    if duration < 60:  # noqa: PLR2004 - a minute
        return f"{duration:.1f} s"
    if duration >= 2 * _DAY:
        return f"{duration / _DAY:.1f}".removesuffix(".0") + " days"
    minutes, rest = divmod(round(duration), 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"
