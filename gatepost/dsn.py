"""Where is a database, and how is that said without saying the password?

Beside what libpq knows, an address may say through which machine the server is reached:
`?ssh=user@host[:port]` in a URL, ` ssh=user@host[:port]` at the end of any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlencode

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

from gatepost import passage
from gatepost.errors import CannotConnect, UsageError
from gatepost.passage import Passage

if TYPE_CHECKING:
    from collections.abc import Mapping

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
# A network that fails without a word is noticed within a minute, not after two hours.
_NOTICING = {
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
_SHOWN = ("host", "hostaddr", "port", "dbname", "user", "service")
_PORT = "5432"
_SSH_AT_END = re.compile(r"(?:^|\s)ssh=([^\s']*)\s*$")


@dataclass(frozen=True)
class Dsn:
    """A connection string whose `str` and `repr` never show the password."""

    raw: str = field(repr=False)

    @property
    def ssh(self) -> str:
        """The machine through which the server is reached, user@host[:port]; empty for none."""
        return _apart(self.raw)[1] or ""

    @property
    def parameters(self) -> dict[str, str]:
        """The libpq parameters as the address has them, password included."""
        plain = _apart(self.raw)[0]
        return {key: str(value) for key, value in conninfo_to_dict(plain).items()}

    @property
    def passage(self) -> Passage | None:
        """The way to the server through another machine; None where we reach it ourselves."""
        if not self.ssh:
            return None
        given = self.parameters
        host = given.get("hostaddr") or given.get("host") or "localhost"
        return Passage(self.ssh, host, given.get("port", _PORT))

    @property
    def reached(self) -> dict[str, str]:
        """What libpq is told: the parameters, and those of an open tunnel in place of the server's.

        The server's name stays, for certificates and `~/.pgpass` are of that name.

        :raises CannotConnect: the tunnel is not open; the address may mean another server here.
        """
        given, way = self.parameters, self.passage
        if way is None:
            return given
        if way.local_port is None:
            raise way.refusal or CannotConnect(
                f"cannot connect to {self}: no tunnel through {self.ssh} is open"
            )
        there = {"hostaddr": passage.LOOPBACK, "port": str(way.local_port)}
        return {"host": way.host} | given | there

    @property
    def conninfo(self) -> str:
        """What libpq is told, as a connection string.

        :raises CannotConnect: as `reached` says.
        """
        return make_conninfo("", **self.reached) if self.ssh else self.raw

    @property
    def noticing(self) -> dict[str, str]:
        """What lets a client notice that its server is out of reach, unless the address says it."""
        given = self.parameters
        return {key: given.get(key, usual) for key, usual in _NOTICING.items()}

    @property
    def dbname(self) -> str:
        """The database's name; empty where libpq is left to choose."""
        return self.parameters.get("dbname", "")

    def of(self, dbname: str) -> Dsn:
        """Return the same server and role with another database."""
        return self._with(dbname=dbname)

    def unless_given(self, **parameters: str) -> Dsn:
        """Return the address with these parameters where it says nothing of them."""
        given = self.parameters
        return self._with(**{key: parameters[key] for key in parameters.keys() - given.keys()})

    def without_password(self, passfile: str) -> Dsn:
        """Return the address with the name of a file, as `~/.pgpass` is one, for the password."""
        given = {key: value for key, value in self.parameters.items() if key != "password"}
        return _through(make_conninfo("", **given | {"passfile": passfile}), self.ssh)

    def _with(self, **parameters: str) -> Dsn:
        plain, ssh = _apart(self.raw)
        return _through(make_conninfo(plain, **parameters), ssh or "")

    @property
    def url(self) -> str:
        """The address as a URL, password included, which is all that some programs read."""
        given = self.reached
        if self.ssh and given.get("sslmode") != "verify-full":
            # Not every program that reads URLs knows libpq's hostaddr.
            given["host"] = given.pop("hostaddr")
        user, password, host, port, dbname = (
            quote(given.pop(key, ""), safe="")
            for key in ("user", "password", "host", "port", "dbname")
        )
        who = f"{user}:{password}@" if password else f"{user}@" if user else ""
        where = f"{host}:{port}" if port else host
        more = f"?{urlencode(given, quote_via=quote)}" if given else ""
        return f"postgresql://{who}{where}/{dbname}{more}"

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
        :raises CannotConnect: as `reached` says.
        """
        variables = {
            option.keyword.decode(): option.envvar.decode() if option.envvar else ""
            for option in Conninfo.get_defaults()
        }
        given = self.reached
        lost = sorted(key for key in given if not variables[key] and key not in _MERE_TUNING)
        if lost:
            raise UsageError(
                f"{self}: pg_dump and pg_restore cannot be told {', '.join(lost)}",
                hint="leave it out, or use a service file",
            )
        return {variables[key]: value for key, value in given.items() if variables[key]}

    def __str__(self) -> str:
        given = self.parameters
        shown = [f"{key}={given[key]}" for key in _SHOWN if given.get(key)]
        return " ".join([*shown, f"ssh={self.ssh}"] if self.ssh else shown)


def _through(plain: str, ssh: str) -> Dsn:
    return Dsn(f"{plain} ssh={ssh}" if ssh else plain)


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
            f"{of}: '{scheme}' is no kind of address that gatepost reads",
            hint="postgresql://user@host:port/dbname",
        )
    plain, ssh = _apart(text)
    try:
        given = conninfo_to_dict(plain)
    except ProgrammingError:
        # libpq quotes the offending piece, which may be the password.
        raise UsageError(
            f"{of}: not a connection string that libpq can read",
            hint="postgresql://user@host:port/dbname; write %40 for an @ inside a password",
        ) from None
    if ssh is not None:
        _refuse_ssh(ssh, given, of)
    return Dsn(text)


def _apart(text: str) -> tuple[str, str | None]:
    """Return an address as libpq reads it, and the machine to go through; None where none is."""
    if "://" not in text:
        found = _SSH_AT_END.search(text)
        return (text[: found.start()], found[1]) if found else (text, None)
    where, _, query = text.rpartition("?")
    options = query.split("&") if where else []
    ssh = next((one for one in options if one.startswith("ssh=")), None)
    if ssh is None:
        return text, None
    left = "&".join(one for one in options if one is not ssh)
    return f"{where}?{left}" if left else where, unquote(ssh.removeprefix("ssh="))


def _refuse_ssh(ssh: str, given: Mapping[str, object], of: str) -> None:
    if passage.gateway(ssh) is None:
        raise UsageError(
            f"{of}: ssh is '{ssh}', which names no machine", hint="ssh=user@host, or user@host:port"
        )
    host = f"{given.get('host', '')}"
    if "service" in given or "/" in host or "," in f"{host}{given.get('hostaddr', '')}":
        raise UsageError(
            f"{of}: through ssh, an address names one host and one port itself",
            hint="postgresql://user@host:port/dbname?ssh=user@host",
        )
