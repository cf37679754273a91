"""Which pools are there, who is in them, and what did they pick?  One copy, as often as asked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from examples.poolmanager.season import Game, over, profile
from examples.poolmanager.world import (
    BEGIN,
    ENTRIES,
    NOW,
    PLAYED,
    POOLS,
    SEASON,
    SURVIVOR_POOLS,
    SURVIVORS,
    WEEK,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]

NAMES = ("Büro & Friends", "Straight Up", "Bonus O'Clock", "Last One Standing 🏈", "Überlebende")
TYPES = ("ATS", "SU", "POINTS_PLUS", "SURVIVOR", "SURVIVOR")
STRIKES = 3  # with as many one is out
OVERRIDDEN = 2
_HALVES = Decimal("0.5")
_LATE = dt.timedelta(minutes=5)


def pools(world: World) -> Iterator[Row]:
    """Yield the pools; their names are unlike each other, which nothing demands as yet."""
    for n, key in enumerate(world.pools):
        number = f" {world.copy + 1}" if world.copy else ""
        rules = {"strikes": STRIKES} if TYPES[n] == "SURVIVOR" else {"push": 0.5}
        yield {
            "id": key,
            "name": f"{NAMES[n]}{number}",
            "type": TYPES[n],
            "rules": rules if n else None,
        }


def entries(world: World) -> Iterator[Row]:
    """Yield an entry for each pool that is no survivors'."""
    for key, pool in zip(world.entries, world.pools[:ENTRIES], strict=True):
        yield {"id": key, "poolId": pool, "season": SEASON}


def uploads(world: World) -> Iterator[Row]:
    """Yield the sheets from which picks were read."""
    for n, key in enumerate(world.uploads):
        yield {
            "id": key,
            "kind": "IMAGE" if n == 1 else "CSV",
            "path": f"uploads/{world.copy}/{n}.{'png' if n == 1 else 'csv'}",
            "parsed": None if n == 1 else {"rows": len(over(world.seed)), "by": "Zoë"},
            "mappingProfileId": None if n == 1 else profile(world),
        }


def picks(world: World) -> Iterator[Row]:
    """Yield what each entry picked of each game that is over."""
    played = over(world.seed)
    chance = world.chance("picks")
    keys = iter(world.ids("picks", ENTRIES * len(played)))
    for entry, upload in zip(world.entries, world.uploads, strict=True):
        for n, game in enumerate(played):
            yield {
                "id": next(keys),
                "entryId": entry,
                "gameId": game.id,
                "teamId": chance.choice((game.home, game.away)),
                "lockedAt": game.kickoff - _LATE if n % 4 else None,
                "confidence": chance.randrange(2, 33) * _HALVES,
                "sourceUploadId": upload if n % 3 == 0 else None,
            }


def grades(world: World) -> Iterator[Row]:
    """Yield what became of each pick."""
    winners = {game.id: game.winner for game in over(world.seed)}
    found = list(picks(world))
    for key, pick in zip(world.ids("grades", len(found)), found, strict=True):
        won = pick["teamId"] == winners[pick["gameId"]]
        yield {
            "id": key,
            "pickId": pick["id"],
            "outcome": "WIN" if won else "LOSS",
            "points": pick["confidence"] if won else Decimal(0),
            "details": {"winner": winners[pick["gameId"]]},
        }


def grade_overrides(world: World) -> Iterator[Row]:
    """Yield what somebody decided otherwise."""
    graded = list(grades(world))[:OVERRIDDEN]
    moments = world.moments("overrides", OVERRIDDEN, BEGIN + WEEK, WEEK)
    keys = world.ids("grade_overrides", OVERRIDDEN)
    for key, grade, moment in zip(keys, graded, moments, strict=True):
        yield {
            "id": key,
            "pickId": grade["pickId"],
            "originalOutcome": grade["outcome"],
            "originalPoints": grade["points"],
            "newOutcome": "PUSH",
            "newPoints": Decimal(1),
            "reason": "agreed by all\non Monday",
            "overriddenAt": moment,
            "overriddenBy": None,
        }


def survivor_entries(world: World) -> Iterator[Row]:
    """Yield who plays for survival; who has lost three times is out since the last week."""
    joined = world.moments("survivors", SURVIVORS, BEGIN - WEEK, WEEK)
    for n, key in enumerate(world.survivors):
        strikes = sum(team != game.winner for game, team in _survival(world, n))
        out = strikes >= STRIKES
        yield {
            "id": key,
            "poolId": _survivor_pool(world, n),
            "userId": None if n % 7 == 3 else f"user-{n // 2}",  # noqa: PLR2004 - some are nobody's
            "entryName": f"Entry {n + 1}",
            "eliminatedWeek": PLAYED if out else None,
            "strikes": strikes,
            "isActive": not out,
            "createdAt": joined[n],
            "updatedAt": NOW if out else joined[n],
        }


def survivor_picks(world: World) -> Iterator[Row]:
    """Yield whom they bet on, a team a week, none twice."""
    keys = iter(world.ids("survivor_picks", SURVIVORS * PLAYED))
    for n, entry in enumerate(world.survivors):
        for game, team in _survival(world, n):
            won = team == game.winner
            yield {
                "id": next(keys),
                "entryId": entry,
                "week": game.week,
                "teamId": team,
                "gameId": game.id,
                "result": "WIN" if won else "LOSS",
                "marginOfVictory": game.margin if won else -game.margin,
                "pickedAt": game.kickoff - dt.timedelta(hours=n % 40 + 1),
                "lockedAt": game.kickoff,
            }


def survivor_week_data(world: World) -> Iterator[Row]:
    """Yield how many were left after each week."""
    keys = iter(world.ids("survivor_week_data", SURVIVOR_POOLS * PLAYED))
    for at, pool in enumerate(world.pools[ENTRIES:]):
        players = [n for n in range(SURVIVORS) if n % SURVIVOR_POOLS == at]
        out = sum(
            sum(team != game.winner for game, team in _survival(world, n)) >= STRIKES
            for n in players
        )
        for week in range(1, PLAYED + 1):
            yield {
                "id": next(keys),
                "poolId": pool,
                "week": week,
                "totalEntries": len(players),
                "survivingEntries": len(players) - (out if week == PLAYED else 0),
                "publicPickData": {"week": week} if week > 1 else None,
                "capturedAt": BEGIN + week * WEEK - dt.timedelta(hours=30),
            }


def _survivor_pool(world: World, n: int) -> str:
    return world.pools[POOLS - SURVIVOR_POOLS + n % SURVIVOR_POOLS]


def _survival(world: World, n: int) -> list[tuple[Game, str]]:
    """Return the games that one survivor bet on, and the teams."""
    chance = world.chance(f"survivor {n}")
    taken: set[str] = set()
    found = []
    for week in range(1, PLAYED + 1):
        bets = [
            (game, team)
            for game in over(world.seed)
            if game.week == week
            for team in (game.home, game.away)
            if team not in taken
        ]
        bet = chance.choice(bets)
        taken.add(bet[1])
        found.append(bet)
    return found
