"""Which locale of ICU is meant, in the spelling of old or as a language tag?

PostgreSQL 15 and older keep what was typed, such as `de@collation=phonebook`; 16 and later make the
language tag of it when a collation or a database is made, `de-u-co-phonebk`.
"""

from __future__ import annotations

import re
from typing import Any

Attributes = dict[str, Any]

_KEYS = {
    "collation": "co",
    "colstrength": "ks",
    "colnumeric": "kn",
    "colcasefirst": "kf",
    "colcaselevel": "kc",
    "colalternate": "ka",
    "colbackwards": "kb",
    "colnormalization": "kk",
    "colreorder": "kr",
}
_VALUES = {
    "co": {
        "phonebook": "phonebk",
        "traditional": "trad",
        "dictionary": "dict",
        "gb2312han": "gb2312",
    },
    "ks": {
        "primary": "level1",
        "secondary": "level2",
        "tertiary": "level3",
        "quaternary": "level4",
        "identical": "identic",
    },
    "ka": {"non-ignorable": "noignore"},
}
_SWITCH = {"yes": "true", "no": "false"}
# The keywords of a tag begin behind this, and end where another single character begins anew.
_KEYWORDS = re.compile(r"-u((?:-[a-z0-9]{2,})+)")
_KEY_LENGTH = 2
_ROOT = ("", "root")


def tag(locale: str) -> str:
    """Return the language tag of a locale: in lower case, its keywords in the order of their keys.

    A keyword that is only switched on has no value.  What is not known to be spelled in two ways
    stays as it is.
    """
    name, old, keywords = locale.lower().partition("@")
    language = name.partition(".")[0].replace("_", "-")
    if old:
        return _joined(language, dict(_old(keywords)))
    found = _KEYWORDS.search(language)
    if found is None:
        return _joined(language, {})
    whole = _joined(language[: found.start()], _new(found[1].split("-")[1:]))
    return whole + language[found.end() :]


def respelled(was: Attributes, now: Attributes) -> Attributes:
    """Return a collation of ICU with its locale in the spelling of before, if both mean the same.

    Anything else is returned as it is.
    """
    if {was.get("provider"), now.get("provider")} != {"icu"}:
        return now
    before, after = was.get("locale", ""), now.get("locale", "")
    return now | {"locale": before} if tag(before) == tag(after) else now


def _old(keywords: str) -> list[tuple[str, str]]:
    pairs = (one.partition("=") for one in keywords.split(";") if one.strip())
    told = [(key.strip(), value.strip()) for key, _, value in pairs]
    return [(_KEYS.get(key, key), value) for key, value in told]


def _new(parts: list[str]) -> dict[str, str]:
    """Return the keywords of a tag: each a key of two characters and what follows it."""
    found: dict[str, str] = {}
    key = ""
    for part in parts:
        if len(part) == _KEY_LENGTH:
            key = part
            found[key] = ""
        else:
            found[key] = f"{found[key]}-{part}" if found.get(key) else part
    return found


def _joined(language: str, keywords: dict[str, str]) -> str:
    told = [f"-{key}{_told(key, keywords[key])}" for key in sorted(keywords)]
    start = "und" if language in _ROOT else language
    return f"{start}-u{''.join(told)}" if told else start


def _told(key: str, value: str) -> str:
    known = _VALUES.get(key, _SWITCH).get(value, _SWITCH.get(value, value))
    return "" if known in ("", "true") else f"-{known}"
