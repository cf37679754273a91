"""What lies at a place of an application's answer, and which path is made of it?"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from gatepost.answers import is_absolute
from gatepost.errors import GatepostError

_PLACE = re.compile(r"\{([^{}]+)\}")


class NoPlace(GatepostError):
    """An answer holds nothing where the project said that something would be."""


def at(payload: Any, place: str) -> str:
    """Return the text or number at a dotted place; of a list, items are counted from 0.

    :raises NoPlace: there is none.
    """
    found = find(payload, place)
    if isinstance(found, bool) or not isinstance(found, (str, int)) or found == "":
        raise NoPlace(f"the answer holds nothing at '{place}'")
    return str(found)


def find(payload: Any, place: str) -> Any:
    """Return whatever is at a dotted place; None where nothing is."""
    for name in place.split("."):
        if isinstance(payload, list) and name.isdecimal() and int(name) < len(payload):
            payload = payload[int(name)]
        else:
            payload = payload.get(name) if isinstance(payload, dict) else None
    return payload


def path(template: str, payload: Any) -> str:
    """Return a path with what lies at the places in braces, none of which can leave it.

    :raises NoPlace: one of them is not there.
    """
    return _PLACE.sub(lambda match: quote(at(payload, match[1]), safe=""), template)


def url(declared: str, payload: Any) -> str:
    """Return the address that is meant: a path with places in braces, or the place that holds it.

    :raises NoPlace: as `path`.
    """
    if "{" in declared or declared.startswith("/") or is_absolute(declared):
        return path(declared, payload)
    return at(payload, declared)
