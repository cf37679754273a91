"""How is Prisma told where a database is?

Its URLs look like libpq's and have parameters of their own: the schema in which it looks for its
ledger, and other words for how a certificate is looked at.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from psycopg.pq import Conninfo

from gatepost import names
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from gatepost.dsn import Dsn

_WHO = ("user", "password", "dbname")
# What both understand, and say alike.
_SHARED = ("connect_timeout", "application_name", "options")
# libpq's modes that look at the server's certificate are one of Prisma's, and a word more.
_VERIFIED = {"sslmode": "require", "sslaccept": "strict"}
_MODES = {"verify-ca": _VERIFIED, "verify-full": _VERIFIED, "allow": {"sslmode": "prefer"}}


# What libpq takes from the environment where an address does not say it; a password that is not
# in an address is not known where the words of a program are masked.
_WHERE = frozenset({"user", "host", "hostaddr", "port", "sslmode", "sslrootcert"})


def refuse(dsn: Dsn) -> None:
    """Make sure that an address says itself where it leads.

    :raises UsageError: a service file says it, of which Prisma knows nothing.
    """
    if "service" in dsn.parameters:
        raise UsageError(
            f"{dsn}: Prisma reads no service file, and would look for the database on this machine",
            hint="postgresql://user@host:port/dbname",
        )


def of(dsn: Dsn, ledger: str, **more: str) -> str:
    """Return an address, password included, as Prisma reads it.

    :param ledger: `schema.table`: the schema is where Prisma works.
    :param more: parameters beside the address's own, which they override; empty ones are left out.
    """
    given = _environment() | dsn.reached
    # Through a tunnel, the server's name leads past it.
    first, second = ("hostaddr", "host") if dsn.ssh else ("host", "hostaddr")
    host = given.get(first) or given.get(second) or "localhost"
    asked = {"schema": names.relation(ledger).schema}
    if host.startswith("/"):  # a socket has no place in front of the question mark
        asked["host"], host = host, "localhost"
    asked |= _certificates(given)
    asked |= {key: given[key] for key in _SHARED if given.get(key)}
    asked |= {key: value for key, value in more.items() if value}
    user, password, name = (quote(given.get(key, ""), safe="") for key in _WHO)
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host = f"[{host}]" if ":" in host else host
    where = f"{host}:{given['port']}" if given.get("port") else host
    return f"postgresql://{who}{where}/{name}?{urlencode(asked, quote_via=quote)}"


def _environment() -> dict[str, str]:
    told = {one.keyword.decode(): (one.envvar or b"").decode() for one in Conninfo.get_defaults()}
    found = {keyword: os.environ.get(told[keyword], "") for keyword in _WHERE}
    return {keyword: value for keyword, value in found.items() if value}


def _certificates(given: dict[str, str]) -> dict[str, str]:
    mode, root = given.get("sslmode", ""), given.get("sslrootcert", "")
    asked = _MODES.get(mode, {"sslmode": mode} if mode else {})
    # Its `sslcert` is the authority's, libpq's is the client's.
    return {**asked, "sslcert": root} if root else asked
