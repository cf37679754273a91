"""How does the new system keep what it knows?  In PostgreSQL, each answer a query.

It answers what `InFiles` answers, in the same words; only the ids are others.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, make_url

from examples.fluxstudio import queries

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import TextClause

Json = dict[str, Any]

_CONNECTIONS = 16


class InDatabase:
    """What the application needs to know and to keep, by a pool that notices another database.

    :param url: with the password.
    """

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=_CONNECTIONS,
            hide_parameters=True,
            connect_args={"connect_timeout": 3, "application_name": "fluxstudio"},
        )

    def check(self) -> None:
        """Raise SQLAlchemyError where nothing can be read."""
        self._rows(queries.ALIVE)

    def users(self, limit: int, offset: int) -> tuple[list[Json], int]:
        """Return some users without what is nobody's business, and how many there are."""
        found = self._rows(queries.USERS, limit=limit, offset=offset)
        return found, self._rows(queries.USER_COUNT)[0]["total"]

    def projects(self, limit: int, offset: int) -> tuple[list[Json], int]:
        """Return some projects, the oldest first, and how many there are."""
        found = self._rows(queries.PROJECTS, limit=limit, offset=offset)
        return found, self._rows(queries.PROJECT_COUNT)[0]["total"]

    def messages(self, channel: str | None, limit: int, offset: int) -> tuple[list[Json], int]:
        """Return some messages, the newest first, and how many there are."""
        page = {"limit": limit, "offset": offset}
        if channel is None:
            found, count = self._rows(queries.MESSAGES, **page), self._rows(queries.MESSAGE_COUNT)
        else:
            found = self._rows(queries.CHANNEL, channel=channel, **page)
            count = self._rows(queries.CHANNEL_COUNT, channel=channel)
        return found, count[0]["total"]

    def say(self, text: str, channel: str | None, user: str | None) -> Json:
        """Keep a message and return it; without a channel or a user, the first there is."""
        found = self._rows(queries.SAY, text=text, channel=channel, user=user)
        if not found:
            raise LookupError("there is no such channel, or no such user")
        return found[0]

    def unsay(self, key: str) -> bool:
        """Forget a message; whether there was one."""
        return is_uuid(key) and bool(self._rows(queries.UNSAY, id=key))

    def add_file(self, record: Json) -> None:
        """Keep what is known of an uploaded file."""
        if not self._rows(queries.ADD_FILE, **record):
            raise LookupError("there is no user whose the file could be")

    def file(self, key: str) -> Json | None:
        """Return what is known of a file."""
        found = self._rows(queries.FILE, id=key) if is_uuid(key) else []
        return found[0] if found else None

    def remove_file(self, key: str) -> str | None:
        """Forget a file; return its name in the folder of uploads."""
        found = self._rows(queries.REMOVE_FILE, id=key) if is_uuid(key) else []
        return found[0]["filename"] if found else None

    def close(self) -> None:
        """Let go of the pool."""
        self._engine.dispose()

    def _rows(self, query: TextClause, **parameters: Any) -> list[Json]:
        with self._engine.begin() as connection:
            return [dict(row) for row in connection.execute(query, parameters).mappings()]


def is_uuid(text: str) -> bool:
    """Whether PostgreSQL would take ``text`` for a key."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
