"""What does a database say that is not PostgreSQL?  The only module that imports SQLAlchemy.

A source's rows are read and nothing more: no table is reflected, no type of SQLAlchemy's comes
between the driver and us, for each would round something.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from gatepost.errors import CannotConnect, SourceFault, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

_SQLITE = "sqlite"
# Rows that the driver is asked for at once: few enough to be held, many enough to be quick.
_ROWS = 1000


def address(url: str, folder: Path) -> str:
    """Return ``url`` with SQLite's file made absolute from ``folder``, and opened for reading only.

    :raises UsageError: no URL that SQLAlchemy understands; an SQLite file that is not there, which
        opening would make.
    """
    sqlalchemy = _library()
    try:
        parsed = sqlalchemy.make_url(url)
    except (sqlalchemy.exc.ArgumentError, ValueError):  # whose words may hold a password
        raise UsageError(
            "source: its url is no address of a database",
            hint="sqlite:///old.db, mysql+pymysql://user@host:3306/name",
        ) from None
    if parsed.get_backend_name() != _SQLITE:
        return url
    file = folder / (parsed.database or "")
    if not file.is_file():
        raise UsageError(f"source: no SQLite file {file}", hint=f"paths begin at {folder}")
    read_only = parsed.set(database=f"file:{file.resolve()}", query={"mode": "ro", "uri": "true"})
    return str(read_only.render_as_string(hide_password=False))


def shown(url: str) -> str:
    """Return the address without its password, and without options, which may hold others."""
    named = _library().make_url(url).set(query={})
    return str(named.render_as_string(hide_password=True))


def tables(url: str) -> tuple[str, ...]:
    """Return the names of the tables of the default schema, sorted.

    :raises CannotConnect: the database cannot be reached.
    :raises SourceFault: it does not answer as one.
    """
    with _connected(url) as conn:
        return tuple(sorted(_library().inspect(conn).get_table_names()))


def rows(
    url: str, *, table: str = "", query: str = ""
) -> Iterator[tuple[str, ...] | Sequence[Any]]:
    """Yield the names of the columns, then every row as the driver gives it.

    Rows are streamed from a cursor of the server where the driver has one.  Those of a table come
    in the order of its primary key, if it has one: a record's number is then the same each time.
    """
    sqlalchemy = _library()
    with _connected(url) as conn:
        streamed = conn.execution_options(stream_results=True, max_row_buffer=_ROWS)
        if query:
            # A driver that is given parameters, none of them even, looks for places for them.
            as_written = {"no_parameters": True}
            result = streamed.exec_driver_sql(query, execution_options=as_written)
        else:
            keys = sqlalchemy.inspect(conn).get_pk_constraint(table)["constrained_columns"]
            everything = sqlalchemy.select(sqlalchemy.literal_column("*"))
            chosen = everything.select_from(sqlalchemy.table(table))
            result = streamed.execute(chosen.order_by(*map(sqlalchemy.column, keys)))
        yield tuple(result.keys())
        for some in result.partitions(_ROWS):
            yield from some


@contextlib.contextmanager
def _connected(url: str) -> Iterator[Connection]:
    sqlalchemy = _library()
    try:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.pool.NullPool)
        conn = engine.connect()
    except ImportError as error:
        raise UsageError(
            f"source: the driver of {shown(url)} is not installed: {error}",
            hint="install it beside gatepost",
        ) from error
    except sqlalchemy.exc.NoSuchModuleError as error:
        raise UsageError(f"source: nobody knows {shown(url)}: {error}") from error
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise CannotConnect(f"cannot connect to {shown(url)}: {_said(error)}") from error
    with contextlib.closing(conn):
        try:
            yield conn
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise SourceFault(f"{shown(url)}: {_said(error)}") from error


def _said(error: Any) -> str:
    """Return what the driver said, without the statement and the library's own address."""
    return str(getattr(error, "orig", None) or error)


def _library() -> Any:
    try:
        import sqlalchemy  # noqa: PLC0415 - an extra: gates without such a source do without it
    except ImportError as error:
        raise UsageError(
            "source: SQLAlchemy is not installed, and this address needs it",
            hint="pip install 'gatepost[sources]'",
        ) from error
    return sqlalchemy
