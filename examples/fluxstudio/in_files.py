"""How does the old system keep what it knows?  A file each, read whole and written whole."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import secrets
import threading
import time
from typing import TYPE_CHECKING, Any

from examples.fluxstudio.generate import write
from examples.fluxstudio.world import iso

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Json = dict[str, Any]

_SECRET = {"password", "googleId"}
_UNSHOWN = {"members", "tasks", "milestones", "files", "channelMetadata", "progress"}


class InFiles:
    """What the application needs to know and to keep, in JSON files.

    :param folder: of `users.json` and the others.
    """

    kind = "files"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._read: dict[str, tuple[int, list[Json]]] = {}

    def check(self) -> None:
        """Raise OSError where nothing can be read."""
        (self._folder / "users.json").stat()

    def users(self, limit: int, offset: int) -> tuple[list[Json], int]:
        """Return some users without what is nobody's business, and how many there are."""
        found = self._all("users")
        return [
            {name: value for name, value in one.items() if name not in _SECRET}
            for one in found[offset : offset + limit]
        ], len(found)

    def projects(self, limit: int, offset: int) -> tuple[list[Json], int]:
        """Return some projects, the oldest first, and how many there are."""
        found = self._all("projects")
        return [_shown(one) for one in found[offset : offset + limit]], len(found)

    def messages(self, channel: str | None, limit: int, offset: int) -> tuple[list[Json], int]:
        """Return some messages, the newest first, and how many there are."""
        found = [one for one in self._all("messages") if channel in (None, one["channelId"])]
        return found[::-1][offset : offset + limit], len(found)

    def say(self, text: str, channel: str | None, user: str | None) -> Json:
        """Keep a message and return it; without a channel or a user, the first there is."""
        now = dt.datetime.now(dt.UTC)
        record: Json = {
            "id": f"{time.time_ns() // 10**6}-{secrets.token_hex(5)}",
            "channelId": channel or self._all("channels")[0]["id"],
            "userId": user or self._all("users")[0]["id"],
            "text": text,
            "type": "text",
            "mentions": [],
            "attachments": [],
            "reactions": [],
            "replyTo": None,
            "editedAt": None,
            "timestamp": iso(now),
        }
        with self._changing("messages") as records:
            records.append(record)
        return record

    def unsay(self, key: str) -> bool:
        """Forget a message; whether there was one."""
        return self._removed("messages", key) is not None

    def add_file(self, record: Json) -> None:
        """Keep what is known of an uploaded file."""
        uploader = self._all("users")[0]["id"]
        rest = {"uploadedBy": uploader, "uploadedAt": iso(dt.datetime.now(dt.UTC))}
        with self._changing("files") as records:
            records.append({**record, **rest, "tags": [], "description": None, "isPublic": False})

    def file(self, key: str) -> Json | None:
        """Return what is known of a file."""
        return next((one for one in self._all("files") if one["id"] == key), None)

    def remove_file(self, key: str) -> str | None:
        """Forget a file; return its name in the folder of uploads."""
        removed = self._removed("files", key)
        return removed["filename"] if removed else None

    def close(self) -> None:
        """Nothing is open."""

    def _all(self, name: str) -> list[Json]:
        file = self._folder / f"{name}.json"
        stamp = file.stat().st_mtime_ns
        known = self._read.get(name)
        if known is None or known[0] != stamp:
            records = json.loads(file.read_text(encoding="utf-8"))[name]
            known = self._read[name] = (stamp, records)
        return known[1]

    def _removed(self, name: str, key: str) -> Json | None:
        with self._changing(name) as records:
            at = next((n for n, one in enumerate(records) if one["id"] == key), None)
            return None if at is None else records.pop(at)

    @contextlib.contextmanager
    def _changing(self, name: str) -> Iterator[list[Json]]:
        with self._lock:
            records = list(self._all(name))
            yield records
            file = self._folder / f"{name}.json"
            new = file.with_suffix(".new")
            write(new, name, records)
            new.replace(file)


def _shown(project: Json) -> Json:
    """Return a project as the API shows it."""
    shown = {name: value for name, value in project.items() if name not in _UNSHOWN}
    return {**shown, "memberCount": len(project["members"])}
