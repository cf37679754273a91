"""Which texts must never be seen?  Stars stand in their place.

The one choke point: everything that a test says passes through here in the process that ran it,
before any reporter, ours or another's, gets to see it.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from gatepost import dsn as dsns
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.settings import Settings

STARS = "****"
# Shorter ones are parts of ordinary words: a report full of stars would say nothing.
_SHORTEST = 4
_IN_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(?=@)", re.IGNORECASE)
_IN_CONNINFO = re.compile(
    r"(\b(?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s'\"&]+)", re.IGNORECASE
)


class Redaction:
    """Replaces known secrets, and whatever has the shape of one, by stars."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {form for secret in secrets for form in _spellings(secret)}
        long = sorted((s for s in spellings if len(s) >= _SHORTEST), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, long))) if long else None

    def __call__(self, text: str) -> str:
        """Return ``text`` without secrets, and fit to be written as UTF-8."""
        if self._known:
            text = self._known.sub(STARS, text)
        # To look for what each shape must hold is far cheaper than to look for the shape.
        if "://" in text:
            text = _IN_URL.sub(rf"\g<1>{STARS}", text)
        if "password" in text.casefold():
            text = _IN_CONNINFO.sub(rf"\g<1>{STARS}", text)
        if text.isascii():
            return text
        # File names that are not UTF-8 come as lone surrogates, which no output takes.
        return text.encode("utf-8", "backslashreplace").decode()


def secrets(settings: Settings) -> Iterator[str]:
    """Yield the passwords that a run knows of."""
    yield os.environ.get("PGPASSWORD", "")
    for url in (settings.source.url, settings.target.url):
        try:
            yield dsns.parse(url, of="side").parameters.get("password", "")
        except UsageError:
            yield urlsplit(url).password or ""
    for url in (settings.source.app, settings.target.app):
        yield urlsplit(url).password or ""


def _spellings(secret: str) -> Iterator[str]:
    """Yield a secret as it is, in a URL, in JSON and in a Python literal."""
    yield secret
    yield quote(secret, safe="")
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
