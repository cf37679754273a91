"""How is Prisma told where a database is?

Its URLs look like libpq's and have parameters of their own: the schema in which it looks for its
ledger, and other words for how a certificate is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from gatepost import names

if TYPE_CHECKING:
    from gatepost.dsn import Dsn

_WHO = ("user", "password", "dbname")
# What both understand, and say alike.
_SHARED = ("connect_timeout", "application_name", "options")
# libpq's modes that look at the server's certificate are one of Prisma's, and a word more.
_VERIFIED = {"sslmode": "require", "sslaccept": "strict"}
_MODES = {"verify-ca": _VERIFIED, "verify-full": _VERIFIED, "allow": {"sslmode": "prefer"}}


def of(dsn: Dsn, ledger: str, **more: str) -> str:
    """Return an address, password included, as Prisma reads it.

    :param ledger: `schema.table`: the schema is where Prisma works.
    :param more: parameters beside the address's own, which they override; empty ones are left out.
    """
    given = dsn.reached
    host = given.get("host") or given.get("hostaddr") or "localhost"
    asked = {"schema": names.relation(ledger).schema}
    if host.startswith("/"):  # a socket has no place in front of the question mark
        asked["host"], host = host, "localhost"
    asked |= _certificates(given)
    asked |= {key: given[key] for key in _SHARED if given.get(key)}
    asked |= {key: value for key, value in more.items() if value}
    user, password, name = (quote(given.get(key, ""), safe="") for key in _WHO)
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    where = f"{host}:{given['port']}" if given.get("port") else host
    return f"postgresql://{who}{where}/{name}?{urlencode(asked, quote_via=quote)}"


def _certificates(given: dict[str, str]) -> dict[str, str]:
    mode, root = given.get("sslmode", ""), given.get("sslrootcert", "")
    asked = _MODES.get(mode, {"sslmode": mode} if mode else {})
    # Its `sslcert` is the authority's, libpq's is the client's.
    return {**asked, "sslcert": root} if root else asked
