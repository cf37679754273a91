"""Do old tables hold what was declared, before and after?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.additions import told
from gatepost.errors import UsageError
from gatepost.names import relation
from tests.additions.conftest import GAMES, POOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.session import Session

    Migrated = Callable[..., Session]

KICKOFF, TEAM, LAT = "public.games.kickoff", "public.games.team", "public.games.lat"
SOURCE = "public.games.source"


def findings(session: Session) -> str:
    """Return what is wrong with the games."""
    return "\n".join(told.content(session, relation("public.games")).findings)


def test_moments_outside_a_season_are_counted_and_their_rows_named(
    games: Callable[..., str],
) -> None:
    """P15: games at 1970-01-01; the last day of a season ends when it is over."""
    season = {"min": dt.date(2025, 8, 1), "max": dt.date(2026, 2, 28)}

    found = games({"column": KICKOFF, **season})

    assert found.splitlines()[0] == (
        f"{KICKOFF}: 1 of 4 rows hold a moment before 2025-08-01: 1970-01-01 00:00:00 in 1"
    )
    assert f"{KICKOFF}: 1 of 4 rows hold a moment after 2026-02-28: #" in found
    assert found.endswith("  at id = (g2); id = (g4)")


def test_empty_text_that_must_be_there_and_is_not_is_named(games: Callable[..., str]) -> None:
    codes = {"column": TEAM, "allowed": ["LV", "LVR", "WSH", ""], "complete": True}

    assert games(codes) == f"{TEAM}: no row holds ''"


def test_codes_that_nobody_knows_and_codes_that_lack_are_named(games: Callable[..., str]) -> None:
    codes = {"column": TEAM, "allowed": ["LV", "WSH", "NE"], "complete": True}

    found = games(
        codes, {"table": "public.games", "rows": 32}, tables={"public.games": {"show": ["team"]}}
    )

    assert found.splitlines() == [
        f"{TEAM}: 1 of 4 rows hold none of LV, WSH, NE: LVR in 1",
        f"{TEAM}: no row holds NE",
        "  at id = (g2)",
        "public.games: holds 4 rows, and 32 were declared",
    ]


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"column": LAT, "distribution": {"1.500": 2, "2": 1, "NaN": 1}}, ""),
        ({"column": LAT, "max": 2.5}, f"{LAT}: 1 of 4 rows hold more than 2.5: #"),
        ({"column": TEAM, "nulls": "25 %"}, ""),
        ({"column": TEAM, "not_null": True}, f"{TEAM}: NULL in 1 of 4 rows, and may be in none"),
        ({"column": SOURCE, "distribution": {"MOCK": 3, "REAL": 1}}, "MOCK in 4 of 4 rows, and 3"),
        ({"column": SOURCE, "distribution": {"REAL": "100 %"}}, "does not name: MOCK in 4"),
        ({"column": SOURCE, "distribution": {"SIMULATED": 4}}, "'SIMULATED' was declared, and is"),
        ({"column": SOURCE, "distribution": {"MOCK": "100 %"}}, ""),
        ({"column": SOURCE, "distribution": {"MOCK": "rest"}, "not_null": True}, ""),
        ({"column": TEAM, "distribution": {"LV": "rest"}}, "the distribution names none"),
        ({"column": SOURCE, "allowed": ["REAL", "MOCK"]}, ""),
        ({"column": SOURCE, "nulls": 4}, "NULL in 0 of 4 rows, and 4 were declared"),
        ({"column": LAT, "allowed": [1.5, 2, "x"]}, "'x' was declared, and is no numeric"),
        ({"table": "public.games", "query": "select 1 from games where false; -- none"}, ""),
        (
            {"table": "public.games", "query": "select team from games where team <> 'LV'"},
            "public.games: its query yields 2 rows, and should yield none",
        ),
    ],
)
def test_declared_content_is_held_against_the_real_one(
    games: Callable[..., str], declared: dict[str, Any], says: str
) -> None:
    found = games(declared)

    assert says in found
    assert bool(says) == bool(found)


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"column": TEAM, "min": 1}, "is text, which has no min that is told"),
        ({"table": "public.games", "query": "select nothing"}, 'query: column "nothing" does not'),
    ],
)
def test_declaration_that_can_mean_nothing_is_refused(
    games: Callable[..., str], declared: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        games(declared)


def test_before_anything_is_written_the_old_side_is_asked(migrated: Migrated) -> None:
    declared = [
        {"column": TEAM, "allowed": ["LV", "WSH"]},
        {"column": "public.games.venue", "not_null": True},
        {"table": "public.venues", "rows": 3},
    ]
    repaired = "update games set team = 'LV'"
    session = migrated(repaired, origin=POOLS + GAMES, gate="pre", content=declared)

    assert "1 of 4 rows hold none of LV, WSH" in findings(session)
    left = [one.reason for one in session.plan.not_planned if one.question == "content"]
    assert left == ["public.games.venue is not there yet", "public.venues is not there yet"]


def test_column_that_did_not_arrive_is_a_finding(migrated: Migrated) -> None:
    declared = [{"column": LAT, "max": 90}, {"column": TEAM, "nulls": 1}]
    dropped = "alter table games drop column lat"

    session = migrated(dropped, origin=POOLS + GAMES, content=declared)

    assert findings(session) == f"{LAT}: was declared, and is not there"


def test_masked_column_is_told_by_counts_alone(games: Callable[..., str]) -> None:
    rules = {"public.games": {"mask": ["team", "id"], "show": ["team"]}}

    found = games({"column": TEAM, "allowed": ["LV"]}, tables=rules)

    assert "2 of 4 rows hold none of LV" in found
    assert "LVR" not in found
    assert "g2" not in found
