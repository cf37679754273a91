"""Where is a database, and how is that said without saying the password?"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlunsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

from gatepost.errors import UsageError

SCHEMES = ("postgresql", "postgres")
BASELINE = "baseline:"
# Parameters without a variable of their own that change nothing about whom we talk to, and how.
_MERE_TUNING = {
    "fallback_application_name",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "tcp_user_timeout",
}
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

    @property
    def url(self) -> str:
        """The address as a URL, password included, which is all that some programs read."""
        given = self.parameters
        user, password, host, port, dbname = (
            quote(given.pop(key, ""), safe="")
            for key in ("user", "password", "host", "port", "dbname")
        )
        who = f"{user}:{password}@" if password else f"{user}@" if user else ""
        where = f"{host}:{port}" if port else host
        return urlunsplit(("postgresql", f"{who}{where}", f"/{dbname}", urlencode(given), ""))

    def masked(self, said: str) -> str:
        """Return what a program said without the password, plain or as in a URL."""
        secret = self.parameters.get("password", "")
        for spelled in {secret, quote(secret, safe="")} - {""}:
            said = said.replace(spelled, "****")
        return said

    def environment(self) -> dict[str, str]:
        """Return PG* variables, so that no program is given a password on its command line.

        libpq itself says which variable stands for which parameter: none that guards the
        connection, as `require_auth` or `sslcrl` do, is left behind.

        :raises UsageError: a parameter that has no variable and cannot be left out.
        """
        variables = {
            option.keyword.decode(): option.envvar.decode() if option.envvar else ""
            for option in Conninfo.get_defaults()
        }
        given = self.parameters
        lost = sorted(key for key in given if not variables[key] and key not in _MERE_TUNING)
        if lost:
            raise UsageError(
                f"{self}: pg_dump and pg_restore cannot be told {', '.join(lost)}",
                hint="leave it out, or use a service file",
            )
        return {variables[key]: value for key, value in given.items() if variables[key]}

    def __str__(self) -> str:
        given = self.parameters
        return " ".join(f"{key}={given[key]}" for key in _SHOWN if given.get(key))


def is_url(text: str) -> bool:
    """Whether ``text`` is an address and not the name of a target."""
    return "://" in text or ("=" in text and " " in text) or text.startswith(("host=", "service="))


def baseline(text: str) -> str:
    """Return the file that `baseline:FILE` names; empty for any other address."""
    return text.removeprefix(BASELINE) if text.startswith(BASELINE) else ""


def parse(text: str, *, of: str) -> Dsn:
    """Return the address that ``text`` holds; ``of`` names it in the error, which never quotes it.

    :raises UsageError: libpq cannot read it, or it is no PostgreSQL address.
    """
    if baseline(text):
        raise UsageError(
            f"{of}: a baseline stands for it, and this asks the database itself",
            hint="postgresql://user@host:port/dbname",
        )
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
