"""What is said, and where?  The records of channels and messages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from examples.fluxstudio import words
from examples.fluxstudio.people import members
from examples.fluxstudio.world import CHANNELS, MESSAGES, iso

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from examples.fluxstudio.world import World

Json = dict[str, Any]

_URGENT = 17  # the only message of all with a field that no other has
_LAST = 20  # an answer is to one of so many that were said before it


def channels(world: World) -> Iterator[Json]:
    """Yield the channels, with whoever reads them."""
    chance = world.chance("channels")
    moments = world.moments("channels", CHANNELS)
    for n, (key, made) in enumerate(zip(world.channels, moments, strict=True)):
        kind = chance.choice(("direct", "group", "project", "team"))
        creator, *others = chance.sample(world.users, 1 if kind == "direct" else 6)
        people = members(chance, creator, others, made)
        for one in people:
            read = made + dt.timedelta(minutes=chance.randrange(10**5))
            one["lastReadAt"] = chance.choice((None, iso(read)))
        yield {
            "id": key,
            "name": words.CHANNELS[n],
            "description": words.maybe(chance),
            "type": kind,
            "teamId": chance.choice(world.teams) if kind == "team" else None,
            "projectId": chance.choice(world.projects) if kind == "project" else None,
            "createdBy": creator,
            "createdAt": iso(made),
            "isArchived": chance.random() < 0.2,  # noqa: PLR2004 - one in five
            "members": people,
        }


def messages(world: World) -> Iterator[Json]:
    """Yield the messages, in the order in which they were said."""
    chance = world.chance("messages")
    moments = world.moments("messages", MESSAGES)
    keys = world.stamped("message id", moments)
    for n, (key, at) in enumerate(zip(keys, moments, strict=True)):
        attached = chance.random() < 0.05  # noqa: PLR2004 - one in twenty
        record: Json = {
            "id": key,
            "channelId": chance.choice(world.channels),
            "userId": chance.choice(world.users),
            "text": words.sentence(chance),
            "type": "file" if attached else "text",
            "mentions": chance.sample(world.users, chance.choice((0, 0, 0, 0, 1, 2))),
            "attachments": [_attachment(chance, world)] if attached else [],
            "reactions": _reactions(chance, world, at) if chance.randrange(8) == 0 else [],
            "replyTo": chance.choice(keys[max(0, n - _LAST) : n]) if n and n % 5 == 0 else None,
            "editedAt": iso(at + dt.timedelta(minutes=3)) if chance.randrange(30) == 0 else None,
            "timestamp": iso(at),
        }
        if world.copy == 0 and n == _URGENT:
            record["priority"] = "urgent"
        yield record


def _attachment(chance: random.Random, world: World) -> Json:
    return {"fileId": chance.choice(world.files), "note": words.sentence(chance), "scale": 1.5}


def _reactions(chance: random.Random, world: World, since: dt.datetime) -> list[Json]:
    people = chance.sample(world.users, chance.randrange(1, 4))
    return [
        {
            "userId": user,
            "emoji": chance.choice(words.REACTIONS),
            "at": iso(since + dt.timedelta(seconds=5 * n + 1)),
        }
        for n, user in enumerate(people)
    ]
