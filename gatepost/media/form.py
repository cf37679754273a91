"""Is a path of a media file well formed, and which file does it mean?"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from gatepost.answers import is_absolute, shown
from gatepost.media import kinds

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffd]")
# One URL within another, as image services have it, is no slip.
_DOUBLE_SLASH = re.compile(r"(?<!:)//")
_SHOWN = 100


def faults(path: str) -> tuple[str, ...]:
    """Return what is wrong with the form of ``path``, as a browser and a file system would see it.

    Good are `/folder/name.ext` and `http(s)://host/anything`.  Percent escapes are decoded first,
    so that none of the rules can be walked around; a query (`?t=…`) belongs to no file's name.
    """
    if not path:
        return ("is empty",)
    found = []
    if path != path.strip():
        found.append("has white space at its ends")
    if _CONTROL.search(unquote(path)):
        found.append("has control or replacement characters")
    whole = is_absolute(path)
    if whole and not _host(path):
        found.append("names no host")
    elif not whole and not path.strip().startswith("/"):
        found.append("has no leading slash")
    return (*found, *_file_faults(_web_path(path), whole=whole))


def file_name(path: str) -> str:
    """Return the path below the media folder that ``path`` means, decoded, without query."""
    return _web_path(path).lstrip("/")


def extension(path: str) -> str:
    """Return the extension of ``path`` in lower case, without the dot; empty where it has none."""
    return PurePosixPath(_web_path(path)).suffix.lower().removeprefix(".")


def short(path: str) -> str:
    """Return ``path`` as a message shows it: one line, without query, which may be a signature."""
    text = shown(path) if is_absolute(path) else path.partition("?")[0]
    text = _CONTROL.sub("\ufffd", text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _file_faults(path: str, *, whole: bool) -> list[str]:
    found = []
    if _DOUBLE_SLASH.search(path):
        found.append("has a double slash")
    if "\\" in path:
        found.append("has a backslash")
    parts = path.split("/")
    if ".." in parts or "." in parts:
        found.append("has a dot segment")
    if parts[-1].startswith("thumb_."):
        found.append("is thumb_ of nothing")
    ending = PurePosixPath(path.rstrip()).suffix
    # Storage hosts serve files under names without an extension; a folder of files cannot.
    if kinds.of(ending.removeprefix(".")) is None and not (whole and not ending):
        found.append(
            f"has the extension '{ending}' of no media file" if ending else "has no extension"
        )
    return found


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _web_path(path: str) -> str:
    text = path
    if is_absolute(path):
        # Not urlsplit: it takes control characters out, and refuses some hosts.
        text = "/" + path.partition("://")[2].partition("/")[2]
    return unquote(re.split(r"[?#]", text, maxsplit=1)[0])
