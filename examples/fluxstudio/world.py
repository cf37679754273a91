"""What do the records of one copy of the studio share: who is who, what is called what, and when?

A world is one copy, and none knows another: `--scale 1000` makes a thousand, one after the other,
so that no more than one is in memory.  Chance is drawn by name: a field that is added changes no
other, and a file can be written without those before it.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from functools import cached_property

SEED = 20250914

USERS = 30
TEAMS = 3
PROJECTS = 12
FILES = 6
CHANNELS = 8
MESSAGES = 1000

BEGIN = dt.datetime(2024, 1, 15, 9, 0, 0, tzinfo=dt.UTC)
SPAN = dt.timedelta(days=540)
_MS = dt.timedelta(milliseconds=1)


class World:
    """One copy of the studio.

    :param copy: 0 for the first; part of whatever must be unique.
    """

    def __init__(self, seed: int, copy: int) -> None:
        self.seed = seed
        self.copy = copy

    def chance(self, name: str) -> random.Random:
        """Return the generator that belongs to ``name``, the same in every process."""
        return random.Random(f"{self.seed} {self.copy} {name}")

    def number(self, of: int, at: int) -> int:
        """Return the position over all copies of the one at ``at`` among ``of`` in this one."""
        return self.copy * of + at

    def moments(self, name: str, total: int) -> list[dt.datetime]:
        """Return ``total`` moments in order, no two alike, all over the time there is."""
        chance = self.chance(name)
        part = SPAN / total
        return [BEGIN + part * (n + chance.random() * 0.9) for n in range(total)]

    @cached_property
    def users(self) -> list[str]:
        """The ids of people: a moment, a uuid, a word, and again."""
        chance = self.chance("user id")
        forms = (_moment_id, _uuid_id, _word_id)
        return [forms[n % 3](chance, self.number(USERS, n)) for n in range(USERS)]

    @cached_property
    def teams(self) -> list[str]:
        """The ids of teams."""
        return self._uuids("team id", TEAMS)

    @cached_property
    def projects(self) -> list[str]:
        """The ids of projects."""
        return self._uuids("project id", PROJECTS)

    @cached_property
    def files(self) -> list[str]:
        """The ids of files."""
        return self._uuids("file id", FILES)

    @cached_property
    def channels(self) -> list[str]:
        """The ids of channels."""
        return self.stamped("channel id", self.moments("channels", CHANNELS))

    def stamped(self, name: str, moments: list[dt.datetime]) -> list[str]:
        """Return ids of the form `<epoch-ms>-<10 hex>`."""
        chance = self.chance(name)
        return [f"{epoch_ms(at)}-{chance.getrandbits(40):010x}" for at in moments]

    def _uuids(self, name: str, total: int) -> list[str]:
        chance = self.chance(name)
        return [random_uuid(chance) for _ in range(total)]


def random_uuid(chance: random.Random) -> str:
    """Return a uuid of version 4."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def iso(moment: dt.datetime) -> str:
    """Return a moment as JavaScript writes it: UTC, milliseconds, Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def epoch_ms(moment: dt.datetime) -> int:
    """Return a moment in milliseconds since 1970."""
    return (moment - dt.datetime.fromtimestamp(0, dt.UTC)) // _MS


def _moment_id(chance: random.Random, number: int) -> str:
    # Half a minute apart, so that no two are alike in any number of copies.
    return str(epoch_ms(BEGIN) + number * 30_000 + chance.randrange(30_000))


def _uuid_id(chance: random.Random, _number: int) -> str:
    return random_uuid(chance)


def _word_id(_chance: random.Random, number: int) -> str:
    return f"demo-user-{number}"
