"""To which database does the address lead that an application is told?

Applications write parameters into it that libpq does not know: Prisma's `schema` and
`connection_limit`, a driver's name in the scheme.  They are taken off; their values are never told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from psycopg.pq import Conninfo

from gatepost import dsn as dsns
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Of Prisma's parameters, those that libpq knows by the same name and takes for something else.
_OTHERWISE = frozenset({"sslcert", "sslpassword", "connect_timeout"})
_PRISMAS = frozenset({"schema", "connection_limit", "pool_timeout", "pgbouncer", "sslaccept"})


@dataclass(frozen=True)
class Address:
    """An application's address.

    :param dsn: as libpq reads it.
    :param schema: Prisma's; empty where none is named.
    """

    dsn: dsns.Dsn
    schema: str = field(default="", repr=False)


def read(text: str, *, ssh: str = "") -> Address:
    """Return the address that an application is told.

    :param ssh: the machine from which it is meant, where that is another one.
    :raises UsageError: it leads to no PostgreSQL database, or cannot be read; it is never quoted.
    """
    scheme, mark, rest = text.strip().partition("://")
    kind = scheme.partition("+")[0].removeprefix("jdbc:")
    if not mark or kind not in dsns.SCHEMES:
        raise UsageError("is no address of a PostgreSQL database")
    where, _, query = rest.partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    kept = _kept(given) | ({"ssh": ssh} if ssh else {})
    plain = f"postgresql://{where}" + (f"?{urlencode(kept, safe='@:')}" if kept else "")
    try:
        dsn = dsns.parse(plain, of="address")
    except UsageError:
        raise UsageError("is no address that libpq can read") from None
    return Address(dsn, given.get("schema", ""))


def _kept(given: Mapping[str, str]) -> dict[str, str]:
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    if _PRISMAS & given.keys():
        known -= _OTHERWISE
    return {key: value for key, value in given.items() if key in known}
