"""Where is a database, and how is that said without saying the password?"""

from __future__ import annotations

from dataclasses import dataclass, field

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gatepost.errors import UsageError

SCHEMES = ("postgresql", "postgres")
_SHOWN = ("host", "hostaddr", "port", "dbname", "user", "service")


@dataclass(frozen=True)
class Dsn:
    """A connection string whose `str` and `repr` never show the password."""

    raw: str = field(repr=False)

    @property
    def parameters(self) -> dict[str, str]:
        """The libpq parameters, password included: for libpq only."""
        return {key: str(value) for key, value in conninfo_to_dict(self.raw).items()}

    @property
    def dbname(self) -> str:
        """The database's name; empty where libpq is left to choose."""
        return self.parameters.get("dbname", "")

    def of(self, dbname: str) -> Dsn:
        """Return the same server and role with another database."""
        return Dsn(make_conninfo(self.raw, dbname=dbname))

    def environment(self) -> dict[str, str]:
        """Return PG* variables, so that no program is given a password on its command line.

        `service` and every other parameter go through PGSERVICE and friends only where libpq
        has a variable for them; the rest is in `arguments`.
        """
        known = {"host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER"}
        known |= {"password": "PGPASSWORD", "dbname": "PGDATABASE", "service": "PGSERVICE"}
        known |= {"sslmode": "PGSSLMODE", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}
        known |= {"sslrootcert": "PGSSLROOTCERT", "passfile": "PGPASSFILE", "options": "PGOPTIONS"}
        known |= {"connect_timeout": "PGCONNECT_TIMEOUT", "channel_binding": "PGCHANNELBINDING"}
        known |= {"application_name": "PGAPPNAME", "target_session_attrs": "PGTARGETSESSIONATTRS"}
        return {known[key]: value for key, value in self.parameters.items() if key in known}

    def __str__(self) -> str:
        given = self.parameters
        return " ".join(f"{key}={given[key]}" for key in _SHOWN if given.get(key))


def is_url(text: str) -> bool:
    """Whether ``text`` is an address and not the name of a target."""
    return "://" in text or ("=" in text and " " in text) or text.startswith(("host=", "service="))


def parse(text: str, *, of: str) -> Dsn:
    """Return the address that ``text`` holds; ``of`` names it in the error, which never quotes it.

    :raises UsageError: libpq cannot read it, or it is no PostgreSQL address.
    """
    scheme = text.partition("://")[0] if "://" in text else ""
    if scheme and scheme not in SCHEMES:
        raise UsageError(
            f"{of}: '{scheme}' is no kind of source that gatepost reads",
            hint="postgresql://user@host:port/dbname",
        )
    try:
        conninfo_to_dict(text)
    except ProgrammingError:
        # libpq quotes the offending piece, which may be the password.
        raise UsageError(
            f"{of}: not a connection string that libpq can read",
            hint="postgresql://user@host:port/dbname; write %40 for an @ inside a password",
        ) from None
    return Dsn(text)
