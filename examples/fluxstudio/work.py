"""What is worked on?  The records of projects and files."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from examples.fluxstudio import words
from examples.fluxstudio.people import members
from examples.fluxstudio.world import FILES, PROJECTS, iso, random_uuid

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from examples.fluxstudio.world import World

Json = dict[str, Any]

_DISK = "/srv/fluxstudio/uploads"  # of a machine that is no more
_KINDS = (("png", "image/png"), ("pdf", "application/pdf"))


def projects(world: World) -> Iterator[Json]:
    """Yield the projects; they name no organisation, and a start to the millisecond."""
    chance = world.chance("projects")
    for n, (key, made) in enumerate(
        zip(world.projects, world.moments("projects", PROJECTS), strict=True)
    ):
        creator, *others = chance.sample(world.users, chance.randrange(1, 5))
        due = made + dt.timedelta(days=chance.randrange(20, 200), milliseconds=1)
        yield {
            "id": key,
            "name": words.PROJECTS[n],
            "description": words.maybe(chance),
            "teamId": chance.choice((None, *world.teams)),
            "status": chance.choice(("planning", "active", "on-hold", "completed", "cancelled")),
            "priority": chance.choice(("low", "medium", "high", "urgent")),
            "startDate": iso(made + dt.timedelta(hours=chance.randrange(48))),
            "dueDate": chance.choice((None, iso(due))),
            "progress": chance.choice((0, 37.5, 100, 62)),
            "createdBy": creator,
            "createdAt": iso(made),
            "updatedAt": iso(made + dt.timedelta(days=chance.randrange(20))),
            "members": members(chance, creator, others, made),
            "tasks": [_task(chance, world, made) for _ in range(chance.randrange(4))],
            "milestones": [_milestone(chance, world, made) for _ in range(chance.randrange(4))],
            "files": [file for at, file in enumerate(world.files) if _project_of(at) == n],
            "channelMetadata": chance.choice(
                (None, {"color": "#a0c4ff", "pinned": [chance.randrange(9)], "muted": False})
            ),
        }


def files(world: World) -> Iterator[Json]:
    """Yield the files that were uploaded."""
    chance = world.chance("files")
    for n, (key, at) in enumerate(zip(world.files, world.moments("files", FILES), strict=True)):
        suffix, kind = _KINDS[n % len(_KINDS)]
        name = f"{key}.{suffix}"
        yield {
            "id": key,
            "originalName": f"{chance.choice(words.TASKS)} №{n}.{suffix}",
            "filename": name,
            "path": f"{_DISK}/{name}",
            "url": f"/uploads/{name}",
            "size": len(content(name)),
            "mimetype": kind,
            "uploadedBy": chance.choice(world.users),
            "uploadedAt": iso(at),
            "tags": chance.sample(words.TAGS, chance.randrange(3)),
            "description": words.maybe(chance),
            "isPublic": chance.choice((True, False)),
        }


def content(name: str) -> bytes:
    """Return the bytes of an uploaded file: of its suffix's kind, and no two alike."""
    if name.endswith(".png"):
        return _PNG + name.encode()  # behind the end of a picture nobody looks
    return b"%PDF-1.4\n% " + name.encode() + b"\ntrailer << >>\n%%EOF\n"


def _project_of(at: int) -> int | None:
    """Return which project the file at ``at`` belongs to: some have two, every third file none."""
    return (at // 3, at // 3, None)[at % 3]


def _task(chance: random.Random, world: World, since: dt.datetime) -> Json:
    made = since + dt.timedelta(minutes=chance.randrange(10**5))
    return {
        "id": str(int(made.timestamp() * 1000)),
        "title": chance.choice(words.TASKS),
        "status": chance.choice(("todo", "in_progress", "done")),
        "assignedTo": chance.choice((None, chance.choice(world.users))),
        "estimate": chance.choice((None, 1, 2.5, 12)),
        "createdAt": iso(made),
    }


def _milestone(chance: random.Random, world: World, since: dt.datetime) -> Json:
    due = since + dt.timedelta(days=chance.randrange(90))
    return {
        "id": random_uuid(chance),
        "name": chance.choice(words.MILESTONES),
        "description": words.maybe(chance),
        "dueDate": chance.choice((None, due.date().isoformat())),
        "completedAt": chance.choice((None, iso(due))),
        "assignedTo": chance.choice((None, chance.choice(world.users))),
        "createdAt": iso(since),
    }


# One grey pixel.
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
