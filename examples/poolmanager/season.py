"""Who plays whom, when, and how did it end?  The rows that all pools share.

32 teams meet in 18 weeks of 16 games, 288 in all; three weeks are over.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from examples.poolmanager.world import BEGIN, PLAYED, SEASON, SEED, WEEK, WEEKS, World

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

Row = dict[str, Any]

TEAMS = {
    "ARI": "Arizona Cardinals", "ATL": "Atlanta Falcons", "BAL": "Baltimore Ravens",
    "BUF": "Buffalo Bills", "CAR": "Carolina Panthers", "CHI": "Chicago Bears",
    "CIN": "Cincinnati Bengals", "CLE": "Cleveland Browns", "DAL": "Dallas Cowboys",
    "DEN": "Denver Broncos", "DET": "Detroit Lions", "GB": "Green Bay Packers",
    "HOU": "Houston Texans", "IND": "Indianapolis Colts", "JAX": "Jacksonville Jaguars",
    "KC": "Kansas City Chiefs", "LAC": "Los Angeles Chargers", "LAR": "Los Angeles Rams",
    "LV": "Las Vegas Raiders", "MIA": "Miami Dolphins", "MIN": "Minnesota Vikings",
    "NE": "New England Patriots", "NO": "New Orleans Saints", "NYG": "New York Giants",
    "NYJ": "New York Jets", "PHI": "Philadelphia Eagles", "PIT": "Pittsburgh Steelers",
    "SEA": "Seattle Seahawks", "SF": "San Francisco 49ers", "TB": "Tampa Bay Buccaneers",
    "TEN": "Tennessee Titans", "WSH": "Washington Commanders",
}  # fmt: skip
GAMES_A_WEEK = len(TEAMS) // 2
GAMES = WEEKS * GAMES_A_WEEK
# Hours after Thursday's midnight in Greenwich, and how many games begin then.
_SLOTS = {24.25: 1, 89.0: 9, 92.25: 4, 96.25: 1, 120.25: 1}
_DECIMALS = Decimal("0.5")


@dataclass(frozen=True)
class Game:
    """One game of the season.

    :param home: the key of a team, as ``away`` is.
    :param score: of both, home first; None until it is over.
    """

    id: str
    week: int
    kickoff: dt.datetime
    home: str
    away: str
    score: tuple[int, int] | None

    @property
    def winner(self) -> str:
        """The key of the team that won; no game here ends in a draw."""
        assert self.score is not None
        return self.home if self.score[0] > self.score[1] else self.away

    @property
    def margin(self) -> int:
        """By how many points it was won."""
        assert self.score is not None
        return abs(self.score[0] - self.score[1])


@lru_cache(maxsize=2)
def schedule(seed: int = SEED) -> tuple[Game, ...]:
    """Return the games in order of their kickoff: everybody once a week, no pair twice."""
    world = World(seed, 0)
    chance = world.chance("scores")
    keys = iter(world.ids("games", GAMES))
    found = []
    for week in range(1, WEEKS + 1):
        kickoffs = _kickoffs(week)
        for (home, away), kickoff in zip(_round(world, week), kickoffs, strict=True):
            score = _score(chance) if week <= PLAYED else None
            found.append(Game(next(keys), week, kickoff, home, away, score))
    return tuple(found)


@lru_cache(maxsize=2)
def over(seed: int = SEED) -> tuple[Game, ...]:
    """Return the games that are over."""
    return tuple(game for game in schedule(seed) if game.score)


def teams(world: World) -> Iterator[Row]:
    """Yield the teams, in order of their codes."""
    for key, (code, name) in zip(world.ids("teams", len(TEAMS)), TEAMS.items(), strict=True):
        yield {"id": key, "nflAbbr": code, "name": name}


def games(world: World) -> Iterator[Row]:
    """Yield the games."""
    chance = world.chance("games")
    for n, game in enumerate(schedule(world.seed), start=1):
        yield {
            "id": game.id,
            "season": SEASON,
            "week": game.week,
            "kickoff": game.kickoff,
            "homeTeamId": game.home,
            "awayTeamId": game.away,
            "venue": None if n % 9 == 0 else f"Field {game.week:02d}/{n}",
            "lat": Decimal(chance.randrange(25_000_000, 48_000_000)).scaleb(-6),
            "lon": -Decimal(chance.randrange(71_000_000, 123_000_000)).scaleb(-6),
            "apiRefs": {"espn": str(401_770_000 + n)} if n % 5 else None,
            "status": "FINAL" if game.score else "SCHEDULED",
        }


def results(world: World) -> Iterator[Row]:
    """Yield how the games ended that are over."""
    played = over(world.seed)
    for key, game in zip(world.ids("results", len(played)), played, strict=True):
        assert game.score is not None
        home, away = game.score
        yield {
            "id": key,
            "gameId": game.id,
            "homeScore": home,
            "awayScore": away,
            "status": "FINAL",
        }


def lines(world: World) -> Iterator[Row]:
    """Yield what a bookmaker thought of each game, once."""
    chance = world.chance("lines")
    for key, game in zip(world.ids("lines", GAMES), schedule(world.seed), strict=True):
        spread = chance.randrange(-28, 29) * _DECIMALS
        yield {
            "id": key,
            "gameId": game.id,
            "poolId": None,
            "source": "book",
            "spread": spread,
            "total": chance.randrange(72, 112) * _DECIMALS,
            "moneylineHome": None if spread == 0 else int(-110 + spread * 10),
            "moneylineAway": None if spread == 0 else int(-110 - spread * 10),
            "capturedAt": game.kickoff - dt.timedelta(hours=chance.randrange(3, 90)),
            "isUserProvided": False,
        }


def mapping_profiles(world: World) -> Iterator[Row]:
    """Yield how the columns of uploaded files are called."""
    columns = {"Team": "nflAbbr", "Points": "confidence", "Week №": "week"}
    yield {"id": profile(world), "name": "office sheet", "columnMap": columns}


def model_weights(world: World) -> Iterator[Row]:
    """Yield by what games are foretold."""
    yield {
        "id": world.ids("model_weights", 1)[0],
        "name": "baseline",
        "weights": {"home": 1.8, "rest": 0.25, "rating": 0.04},
        "createdAt": BEGIN - dt.timedelta(days=9),
    }


def profile(world: World) -> str:
    """Return the key of the only profile."""
    return world.season.ids("mapping_profiles", 1)[0]


def _round(world: World, week: int) -> list[tuple[str, str]]:
    """Return who meets whom in a week: one stays, the others go round in a circle."""
    first, *others = world.ids("teams", len(TEAMS))
    others = others[week:] + others[:week]
    circle = [first, *others]
    pairs = zip(circle[:GAMES_A_WEEK], reversed(circle[GAMES_A_WEEK:]), strict=True)
    return [pair if week % 2 else (pair[1], pair[0]) for pair in pairs]


def _kickoffs(week: int) -> list[dt.datetime]:
    thursday = BEGIN + (week - 1) * WEEK
    return [
        thursday + dt.timedelta(hours=hours)
        for hours, count in _SLOTS.items()
        for _ in range(count)
    ]


def _score(chance: random.Random) -> tuple[int, int]:
    home, away = chance.randrange(3, 42), chance.randrange(3, 42)
    return (home, away) if home != away else (home + 3, away)
