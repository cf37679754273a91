"""How does the application keep what it knows?  In PostgreSQL, each answer a query.

Its address is the one of the environment file, in the form that Prisma's client takes: what libpq
does not know of it sets the pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, make_url

from examples.poolmanager import queries

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.sql.elements import TextClause

Json = dict[str, Any]

# Of the client's, and not of libpq's: by name, what stands where an address does not say.
_CLIENT = {"schema": "public", "connection_limit": "20", "pool_timeout": "30"}
# What waits longer for a lock than this is told as an error: users do not wait for minutes.
_STATEMENTS = "-c statement_timeout=2000"


def environment(file: Path) -> dict[str, str]:
    """Return the variables of an environment file: `KEY=value` or `KEY="value"`, a line each."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {key.strip(): value.strip().strip('"') for key, _, value in pairs}


class Store:
    """What the application needs to know and to keep, by a pool that notices another database.

    :param url: with the password, as the client takes it.
    :param release: `old`, which knows what the first migrations made, or `new`.
    """

    def __init__(self, url: str, release: str) -> None:
        self.release = release
        given = make_url(url).set(drivername="postgresql+psycopg")
        client = {
            **_CLIENT,
            **{key: str(given.query[key]) for key in _CLIENT if key in given.query},
        }
        self._engine = create_engine(
            given.difference_update_query(list(_CLIENT)),
            pool_pre_ping=True,
            pool_size=int(client["connection_limit"]),
            max_overflow=0,
            pool_timeout=float(client["pool_timeout"]),
            hide_parameters=True,
            connect_args={
                "connect_timeout": 3,
                "application_name": "poolmanager",
                "options": _STATEMENTS,
            },
        )

    @property
    def _is_new(self) -> bool:
        return self.release == "new"

    def check(self) -> None:
        """Raise SQLAlchemyError where nothing can be read."""
        self._rows(queries.ALIVE)

    def pools(self, limit: int, offset: int) -> tuple[list[Json], int]:
        """Return some pools by name, and how many there are."""
        query = queries.POOLS if self._is_new else queries.OLD_POOLS
        found = self._rows(query, limit=limit, offset=offset)
        return found, self._rows(queries.POOL_COUNT)[0]["total"]

    def games(self, week: int, limit: int, offset: int) -> tuple[list[Json], int]:
        """Return some games, the first first, and how many there are; week 0 is the season."""
        found = self._rows(queries.GAMES, week=week, limit=limit, offset=offset)
        return found, self._rows(queries.GAME_COUNT, week=week)[0]["total"]

    def survivors(self, limit: int, offset: int) -> tuple[list[Json], int]:
        """Return some entries into survivor pools, and how many there are."""
        query = queries.SURVIVORS if self._is_new else queries.OLD_SURVIVORS
        found = self._rows(query, limit=limit, offset=offset)
        return found, self._rows(queries.SURVIVOR_COUNT)[0]["total"]

    def providers(self) -> list[Json]:
        """Return who is asked for data, and whether he answers; the old release knows of none."""
        return self._rows(queries.PROVIDERS) if self._is_new else []

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    def _rows(self, query: TextClause, **parameters: Any) -> list[Json]:
        with self._engine.begin() as connection:
            return [dict(row) for row in connection.execute(query, parameters).mappings()]
