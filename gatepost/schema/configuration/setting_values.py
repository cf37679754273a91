"""When do two spellings of a setting's value mean the same, and which values are nobody's affair?

A server shows a value in one spelling; what somebody typed into ALTER DATABASE or a file keeps
theirs.  Both are brought into the spelling that SHOW would use.
"""

from __future__ import annotations

import hashlib
import re

_TRUE = ("on", "true", "yes", "1", "t", "y", "tr", "tru", "ye")
_FALSE = ("off", "false", "no", "0", "f", "n", "of", "fa", "fal", "fals")
# How many of the smallest unit each is; the two families never meet in one setting.
_BYTES = {"B": 1, "kB": 1024, "8kB": 8192, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
_TIMES = {
    "us": 1,
    "ms": 1000,
    "s": 10**6,
    "min": 60 * 10**6,
    "h": 3600 * 10**6,
    "d": 86400 * 10**6,
}
_AMOUNT = re.compile(r"\s*([+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*([A-Za-z]*)\s*")
# Names of one zone; other zones have one name that people use.
_UTC = frozenset(
    {"utc", "gmt", "uct", "zulu", "universal", "greenwich", "gmt0", "gmt+0", "gmt-0"}
    | {"etc/utc", "etc/gmt", "etc/uct", "etc/zulu", "etc/universal", "etc/greenwich", "etc/gmt0"}
    | {"etc/gmt+0", "etc/gmt-0"}
)
_STYLES = {"iso": "ISO", "sql": "SQL", "postgres": "Postgres", "german": "German"}
_ORDERS = {"ymd": "YMD", "dmy": "DMY", "mdy": "MDY", "us": "MDY", "noneuropean": "MDY"}
_ORDERS |= {"european": "DMY", "euro": "DMY", "noneuro": "MDY"}
LISTS = frozenset(
    {"search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries"}
    | {"shared_preload_libraries", "createrole_self_grant", "restrict_nonsystem_relation_kind"}
)
_ELEMENT = re.compile(r'"(?:[^"]|"")*"|[^,\s][^,]*')
_HIDDEN = "(hidden"
_SECRET = re.compile(
    r"secret|passw|token|private|credential|api_?key|jwt|_key$|\.key$", re.IGNORECASE
)


def shown(name: str, text: str, kind: str, unit: str) -> str:
    """Return a value as SHOW would spell it.

    :param name: in lower case.
    :param kind: pg_settings.vartype; empty for a setting that the server does not know.
    :param unit: in which the server counts, such as `ms` or `8kB`; or empty.
    """
    if kind == "bool" or (kind == "enum" and text.lower() in {"true", "false", "yes", "no"}):
        return _switch(text)
    if kind == "enum":
        return text.lower()
    if kind in ("integer", "real"):
        return _number(text, unit)
    if name in LISTS:
        return ", ".join(listed(text))
    return _SPELLED.get(name, str)(text)


def alike(name: str, one: str, other: str) -> bool:
    """Whether two values, both as SHOW spells them, mean the same."""
    if one == other:
        return True
    if name == "timezone":
        return _zone(one) == _zone(other)
    return name.startswith("lc_") and locale(one) == locale(other)


def amount(text: str) -> float:
    """Return a value with its unit as a number, in µs or bytes, by which two can be compared."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return 0.0
    return float(match[1]) * (_BYTES | _TIMES).get(match[2], 1)


def listed(text: str) -> list[str]:
    """Return the elements of a list, as they are quoted."""
    return [_unquoted(one.strip()) for one in _ELEMENT.findall(text)]


def locale(text: str) -> str:
    """Return a library's locale without the freedoms of its spelling: `en_US.utf8`."""
    name, dot, codeset = text.partition(".")
    if name in ("C", "POSIX") and not dot:
        return "C"
    return f"{name}{dot}{codeset.lower().replace('-', '')}"


def bare(name: str, text: str) -> str:
    """Return a value, or, where its name says that it is a secret, only what tells it from others.

    Applications keep keys in settings of their own: `app.settings.jwt_secret` is PostgREST's.
    """
    if "." not in name or not _SECRET.search(name):
        return text
    return f"{_HIDDEN}, sha256 {hashlib.sha256(text.encode()).hexdigest()[:12]}…)"


def is_hidden(value: str) -> bool:
    """Whether a value is not shown."""
    return value.startswith(_HIDDEN)


def _switch(text: str) -> str:
    lowered = text.strip().lower()
    return "on" if lowered in _TRUE else "off" if lowered in _FALSE else lowered


def _number(text: str, unit: str) -> str:
    """Return a number in the largest unit in which it is whole, as the server does."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return text.strip()
    number = float(match[1])
    family = _BYTES if unit in _BYTES else _TIMES if unit in _TIMES else {}
    if not family or number <= 0:  # 0 and -1 stand for themselves
        return str(int(number)) if number.is_integer() else f"{number:g}"
    smallest = round(number * family[match[2] or unit])
    fits = [(size, name) for name, size in family.items() if name != "8kB" and not smallest % size]
    size, name = max(fits)
    return f"{smallest // size}{name}"


def _unquoted(element: str) -> str:
    """Return an element without quotes that it does not need."""
    inner = element[1:-1].replace('""', '"')
    plain = element.startswith('"') and re.fullmatch(r"[a-z_][a-z0-9_]*", inner)
    return inner if plain else element


def _zone(text: str) -> str:
    lowered = text.strip().lower()
    return "utc" if lowered in _UTC else lowered


def _dates(text: str) -> str:
    style, order = "ISO", ""
    for word in re.split(r"[,\s]+", text.lower()):
        style = _STYLES.get(word, style)
        order = _ORDERS.get(word, order)
    return f"{style}, {order or ('DMY' if style == 'German' else 'MDY')}"


def _text_search(text: str) -> str:
    return text if "." in text else f"pg_catalog.{text}"


_SPELLED = {"datestyle": _dates, "default_text_search_config": _text_search}
