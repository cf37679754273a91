"""In what are a server, a database and the roles within it set otherwise, and does it matter?

What counts is what a session gets: the role's setting, else the database's, else the server's.
Two that are set in different places are alike where that comes to the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gatepost.names import dotted
from gatepost.schema import remarks
from gatepost.schema.configuration import Values, locales, server_settings, setting_values
from gatepost.schema.remarks import Finding, Note

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatepost.schema.configuration.server_settings import Declared
    from gatepost.schema.declarations import Object
    from gatepost.schema.differences import Differences
    from gatepost.schema.remarks import Remark

_OFF = frozenset({"off", "0"})
_EMPTY = "''"


@dataclass(frozen=True)
class Target:
    """The database that is to be set like the other.

    :param exists: False where it is still to be made, so that only its server can be asked.
    """

    name: str
    exists: bool = True

    @property
    def alter(self) -> str:
        """How a statement begins that mends it."""
        return f"alter database {dotted(self.name)}"


def compare(
    subject: str,
    before: tuple[Object, ...],
    after: tuple[Object, ...],
    target: Target,
    roles: Mapping[str, str],
) -> Differences:
    """Return how what is set differs between the two sides.

    What changes no meaning is a note: where a value is set, a looser limit, more of a guard, what
    merely tunes.

    :param before: from `configuration.read`, as is ``after``.
    :param roles: by role before, the role that it is after.
    """
    was, now = _Side.of(before), _Side.of(after)
    if subject == "server":
        return remarks.gathered(_of_server(was, now, target))
    if subject == "database":
        return remarks.gathered(
            (
                *locales.compare(was.database, now.database, target.name),
                *_of_doors(was.database, now.database, target),
                *_of_database(was, now, target),
            )
        )
    return remarks.gathered(_of_roles(was, now, target, roles))


@dataclass(frozen=True)
class _Side:
    """What one side is set to."""

    server: Values
    database: dict[str, Any]
    roles: dict[str, Any]

    @classmethod
    def of(cls, objects: tuple[Object, ...]) -> _Side:
        by_name = {one.identity: one.attributes for one in objects}
        return cls(by_name["server"]["settings"], by_name["database"], by_name["roles"])

    @property
    def given(self) -> Values:
        """What ALTER DATABASE … SET has set."""
        settings: Values = self.database["settings"]
        return settings

    def effective(self, name: str) -> str | None:
        """Return what a session in this database gets; None where the server does not know it."""
        return self.given.get(name, self.server.get(name))


def _of_server(was: _Side, now: _Side, target: Target) -> Iterator[Remark]:
    for one in server_settings.DECLARED:
        before = was.server.get(one.name, one.absent)
        after = now.server.get(one.name, one.absent)
        given = one.name in was.given or (target.exists and one.name in now.given)
        if before is None or after is None:
            if not given:
                side = "before" if before is None else "after"
                yield Note(f"server: {one.name} is not told {side}: it takes pg_read_all_settings")
            continue
        if setting_values.alike(one.name, before, after):
            continue
        said = f"server: {one.name} {before or _EMPTY} before, {after or _EMPTY} after: {one.why}"
        if given:
            yield Note(f"{said}; set for the database, which is what counts")
        elif _matters(one, before, after):
            yield Finding(said, _mended(one, before, target))
        else:
            yield Note(said)


def _matters(one: Declared, before: str, after: str) -> bool:
    if one.kind == "limit":
        allowed = setting_values.amount(before) or float("inf")
        return 0 < setting_values.amount(after) < allowed
    if one.kind == "guard":
        return before not in _OFF and after in _OFF
    return one.kind == "meaning"


def _mended(one: Declared, value: str, target: Target) -> str:
    if one.place == "database":
        return f"{target.alter} set {_assigned(one.name, value)}"
    if one.place == "server":
        return f"alter system set {_assigned(one.name, value)}, and restart the server"
    return "another server: this one was built so, or made so by initdb"


def _of_doors(was: dict[str, Any], now: dict[str, Any], target: Target) -> Iterator[Remark]:
    """Yield who gets in, and where the database lies."""
    before, after = was["connection limit"], now["connection limit"]
    if before != after:
        spoken = [str(limit) if limit >= 0 else "none" for limit in (before, after)]
        said = f"database: connection limit {spoken[0]} before, {spoken[1]} after"
        tighter = after >= 0 and (before < 0 or after < before)
        hint = f"{target.alter} connection limit {before}"
        yield Finding(said, hint) if tighter else Note(said)
    if was["connections"] != now["connections"]:
        yield Finding(
            f"database: connections {was['connections']} before, {now['connections']} after",
            f"{target.alter} allow_connections {str(was['connections'] == 'allowed').lower()}",
        )
    if was["template"] != now["template"]:
        words = {True: "a template", False: "no template"}
        yield Finding(
            f"database: {words[was['template']]} before, {words[now['template']]} after",
            f"{target.alter} is_template {str(was['template']).lower()}",
        )
    for key in ("tablespace", "comment"):
        if key in was and was[key] not in now.get(key, ""):
            yield Note(f"database: {key} {was[key]} before, {now.get(key, 'none')} after")


def _of_database(was: _Side, now: _Side, target: Target) -> Iterator[Remark]:
    for name in sorted({*was.given, *now.given}):
        yield from _of_setting(
            _Setting(name, was.given.get(name), was.server.get(name)),
            _Setting(name, now.given.get(name), now.server.get(name)),
            "database",
            target.alter,
        )


def _of_roles(
    was: _Side, now: _Side, target: Target, renamed: Mapping[str, str]
) -> Iterator[Remark]:
    nothing: dict[str, Any] = {"used": False, "settings": {}, "here": []}
    before = {renamed.get(role, role): one for role, one in was.roles.items()}
    for role in sorted({*before, *now.roles}):
        had, has = before.get(role, nothing), now.roles.get(role, nothing)
        told = _of_role(role, had, has, was, now, target)
        # Roles are the server's: of one that this database has nothing of, people may want to know.
        yield from told if had["used"] or has["used"] else (Note(one.text) for one in told)


def _of_role(
    role: str, had: dict[str, Any], has: dict[str, Any], was: _Side, now: _Side, target: Target
) -> Iterator[Remark]:
    for name in sorted({*had["settings"], *has["settings"]}):
        here = name in had["here"] or name in has["here"]
        yield from _of_setting(
            _Setting(name, had["settings"].get(name), was.effective(name)),
            _Setting(name, has["settings"].get(name), now.effective(name)),
            f"role {role}",
            f"alter role {dotted(role)}" + f" in database {dotted(target.name)}" * here,
        )


@dataclass(frozen=True)
class _Setting:
    """What is set for a database or a role on one side.

    :param given: None where nothing is.
    :param otherwise: what holds where nothing is; None where the server does not know it.
    """

    name: str
    given: str | None
    otherwise: str | None

    @property
    def effective(self) -> str | None:
        return self.otherwise if self.given is None else self.given

    def __str__(self) -> str:
        if self.given is None:
            return "not set" + (f" ({self.otherwise})" if self.otherwise else "")
        return self.given or _EMPTY


def _of_setting(was: _Setting, now: _Setting, whose: str, alter: str) -> Iterator[Remark]:
    name = was.name
    if was.given == now.given:
        return
    said = f"{whose}: {name} {was} before, {now} after"
    if _alike(name, was.effective, now.effective):
        if None in (was.given, now.given):
            yield Note(f"{said}: set elsewhere to the same")
    elif was.given is None and server_settings.tunes(name):
        yield Note(said)
    elif was.effective is None or (
        was.given is None and _alike(name, was.otherwise, now.otherwise)
    ):
        yield Finding(said, f"{alter} reset {name}")
    else:
        yield Finding(said, f"{alter} set {_assigned(name, was.effective)}")


def _alike(name: str, one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and setting_values.alike(name, one, other)


def _assigned(name: str, value: str) -> str:
    if setting_values.is_hidden(value):
        return f"{name} to what it was, which nobody but the source may tell"
    if name in setting_values.LISTS and value:
        return f"{name} to {value}"
    quoted = value.replace("'", "''")
    return f"{name} to '{quoted}'"
