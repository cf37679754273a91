"""Who works in the studio, and with whom?  The records of users and teams."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from examples.fluxstudio import words
from examples.fluxstudio.world import USERS, iso

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from examples.fluxstudio.world import World

Json = dict[str, Any]

_BCRYPT = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SAME_BUT_CASE = (5, 8)  # two addresses that only capitals tell apart


def users(world: World) -> Iterator[Json]:
    """Yield the users; every third came by way of Google and has no password."""
    chance = world.chance("users")
    joined = world.moments("joined", USERS)
    for n, key in enumerate(world.users):
        record: Json = {
            "id": key,
            "email": _email(world, n),
            # Every name is two people's, whose work must not be put together.
            "name": words.NAMES[n % len(words.NAMES)],
            "userType": chance.choice(("client", "designer")),
            "createdAt": iso(joined[n]),
        }
        if (n + 1) % 3 == 0:
            record["googleId"] = str(chance.randrange(10**20, 10**21))
        else:
            record["password"] = "$2a$10$" + "".join(chance.choices(_BCRYPT, k=53))
        yield record


def teams(world: World) -> Iterator[Json]:
    """Yield the teams, with their members and those who were asked to join."""
    chance = world.chance("teams")
    for n, (key, made) in enumerate(
        zip(world.teams, world.moments("teams", len(world.teams)), strict=True)
    ):
        creator, *others = chance.sample(world.users, 4)
        yield {
            "id": key,
            "name": words.TEAMS[n],
            "description": words.maybe(chance),
            "createdBy": creator,
            "createdAt": iso(made),
            "members": members(chance, creator, others, made),
            "invites": [
                {"email": f"guest{i}@studio.example", "role": "viewer", "sentAt": iso(made)}
                for i in range(chance.randrange(3))
            ],
        }


def members(
    chance: random.Random, creator: str, others: Sequence[str], since: dt.datetime
) -> list[Json]:
    """Return a list of members in the order in which they joined: who made it, then others."""
    at = since
    found = []
    for user in (creator, *others):
        role = "owner" if user == creator else "member"
        found.append({"userId": user, "role": role, "joinedAt": iso(at)})
        at += dt.timedelta(milliseconds=chance.randrange(1, 10**8))
    return found


def _email(world: World, n: int) -> str:
    lower, upper = _SAME_BUT_CASE
    if n == upper:
        return _email(world, lower).title()
    return f"person{world.number(USERS, n)}@studio.example"
