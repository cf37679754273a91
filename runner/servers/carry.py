"""What belongs to a database but is in no archive: its settings, its grants, its limits?

pg_dump leaves them out unless it is to create the database itself, which it may not do here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.schema import configuration
from gatepost.schema.configuration import server_settings, setting_values
from gatepost.schema.privileges.terms import LOCAL
from gatepost.sql import question
from gatepost.wording import counted

from .fence import PUBLIC

if TYPE_CHECKING:
    from gatepost.database import Connection

    from .databases import Database
    from .fence import Fence
    from .survey import Survey

# Their values are lists whose elements are quoted already: as one literal they would be one name.
_LISTS = frozenset(
    {"local_preload_libraries", "search_path", "session_preload_libraries", "temp_tablespaces"}
)
_PRIVILEGES = {
    "CONNECT": sql.SQL("connect"),
    "CREATE": sql.SQL("create"),
    "TEMPORARY": sql.SQL("temporary"),
}


@dataclass(frozen=True)
class Setting:
    """ALTER DATABASE … SET, or ALTER ROLE … IN DATABASE … SET where a role is named."""

    role: str
    name: str
    value: str


@dataclass(frozen=True)
class Grant:
    """A right on the database; an empty role stands for PUBLIC."""

    role: str
    privilege: str
    grantable: bool


@dataclass(frozen=True)
class Belongings:
    """All of it, of one database."""

    settings: tuple[Setting, ...]
    grants: tuple[Grant, ...]
    connection_limit: int

    def __str__(self) -> str:
        return f"{counted(len(self.settings), 'setting')}, {counted(len(self.grants), 'grant')}"


@dataclass(frozen=True)
class Place:
    """What a database has where it is.

    :param belongings: by the names that roles have on the target's server.
    :param owner: likewise.
    :param roles: of its server, likewise.
    :param meant: what a session of it gets, by setting; of what only tunes, not all.
    """

    belongings: Belongings
    owner: str
    roles: frozenset[str]
    meant: Mapping[str, str]


@dataclass(frozen=True)
class Carried:
    """What the new database gets, and what its predecessor had that it does not get.

    :param kept: of the old target's own, in words; ``left`` likewise.
    """

    belongings: Belongings
    kept: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = [str(self.belongings)]
        said += [f"kept of the old database: {', '.join(self.kept)}"] * bool(self.kept)
        said += [f"not carried over from it: {', '.join(self.left)}"] * bool(self.left)
        return "; ".join(said)


def read(conn: Connection, name: str, connection_limit: int) -> Belongings:
    """Return what belongs to the database ``name`` of the connection's server."""
    of = {"name": name}
    return Belongings(
        tuple(database.records(conn, Setting, question("runner_settings"), of)),
        tuple(database.records(conn, Grant, question("runner_grants"), of)),
        connection_limit,
    )


def place(
    conn: Connection, here: Database, renamed: Mapping[str, str], fenced: Fence | None = None
) -> Place:
    """Return what the database of the connection has.

    :param here: that database.
    :param renamed: what roles of its server are called on the target's, where that is not the same.
    :param fenced: what was taken from it, which counts as there.
    """

    def name(role: str) -> str:
        return renamed.get(role, role)

    had = read(conn, here.name, here.connection_limit)
    grants = {(grant.role, grant.privilege): grant for grant in had.grants}
    for act in fenced.acts if fenced else ():
        if act.kind == "connect" and act.was:
            role = "" if act.role == PUBLIC else act.role
            grants[role, "CONNECT"] = Grant(role, "CONNECT", act.grantable)
    found = {one.identity: one.attributes for one in configuration.read(conn)}
    roles = database.rows(conn, "select rolname::pg_catalog.text from pg_catalog.pg_roles")
    return Place(
        replace(
            had,
            settings=tuple(replace(one, role=name(one.role)) for one in had.settings),
            grants=tuple(replace(one, role=name(one.role)) for one in grants.values()),
        ),
        owner=name(here.owner),
        roles=frozenset(name(role) for (role,) in roles),
        meant=found["server"]["settings"] | found["database"]["settings"],
    )


def combine(source: Place, old: Place, owner: str) -> Carried:
    """Return what a new database gets that takes the place of an old one.

    What changes a meaning, and what roles of both servers may do, is as on the source: that is what
    the data gate compares with.  What merely tunes, what makes up for another server, and the right
    to connect of roles that only the target's server has belong to where the database lives.

    :param owner: of the new database.
    """
    settings, kept, left = _settings(source, old)
    grants, more, less = _grants(source, old, owner)
    limits = [one.belongings.connection_limit for one in (source, old)]
    if limits[0] != limits[1]:
        less = (*less, f"a connection limit of {limits[1] if limits[1] >= 0 else 'none'}")
    if old.owner != owner:
        less = (*less, f"its owner {old.owner}")
    return Carried(Belongings(settings, grants, limits[0]), (*kept, *more), (*left, *less))


def alone(source: Place, made: Place) -> Carried:
    """Return what a new database gets that takes nobody's place.

    :param made: itself, as it was made.
    """
    return replace(combine(source, made, made.owner), left=())


def owner(conn: Connection, there: Survey, renamed: Mapping[str, str]) -> str:
    """Return whose the new database will be: the source's owner's, if our role may say so here.

    Else it is the old one's; empty for our own role's.

    :param conn: a maintenance connection to the target's server.
    """
    wanted = renamed.get(there.origin.owner, there.origin.owner)
    if database.value(conn, question("runner_owner"), {"role": wanted}):
        return wanted
    return there.old.owner if there.old else ""


def _settings(
    source: Place, old: Place
) -> tuple[tuple[Setting, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the settings to make, which of them are the old one's, and which of those are not."""
    made = {(one.role, one.name): one for one in source.belongings.settings}
    made = {key: one for key, one in made.items() if one.role in old.roles | {""}}
    kept, left = [], []
    for one in old.belongings.settings:
        key, said = (one.role, one.name), _told(one)
        if key in made:
            if made[key].value != one.value:
                left.append(said)
        elif server_settings.tunes(one.name.lower()) or (
            not one.role and _same(one.name, source, old)
        ):
            made[key] = one
            kept.append(said)
        else:
            left.append(said)
    return tuple(made.values()), tuple(kept), tuple(left)


def _same(name: str, source: Place, old: Place) -> bool:
    """Whether the old one's own setting gives its sessions what those of the source get."""
    was, now = source.meant.get(name.lower()), old.meant.get(name.lower())
    return was is not None and now is not None and setting_values.alike(name.lower(), was, now)


def _grants(
    source: Place, old: Place, owner: str
) -> tuple[tuple[Grant, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the grants to make, which of them are the old one's, and which of those are not."""
    made = _by_right(source, owner)
    made = {key: one for key, one in made.items() if one.role in old.roles | {"", owner}}
    kept, left = [], []
    for key, one in _by_right(old, owner).items():
        said = f"{one.privilege} of {one.role or 'PUBLIC'}"
        if key in made:
            continue
        if one.role and one.role not in source.roles and one.privilege.lower() in LOCAL:
            made[key] = one
            kept.append(said)
        elif one.role != owner:
            left.append(said)
    if {(one.role, one.privilege) for one in made.values()} == _made_with(owner) and not any(
        one.grantable for one in made.values()
    ):
        return (), tuple(kept), tuple(left)
    return tuple(made.values()), tuple(kept), tuple(left)


def _by_right(place: Place, owner: str) -> dict[tuple[str, str], Grant]:
    """Return the grants of a database by role and right, its owner's as those of ``owner``."""
    given = place.belongings.grants
    if not given:  # nobody ever changed what a new database has
        given = tuple(Grant(role, right, grantable=False) for role, right in _made_with(owner))
    own = (replace(one, role=owner if one.role == place.owner else one.role) for one in given)
    return {(one.role, one.privilege): one for one in own}


def _made_with(owner: str) -> set[tuple[str, str]]:
    everybody = {("", right) for right in _PRIVILEGES if right.lower() in LOCAL}
    return everybody | {(owner, right) for right in _PRIVILEGES}


def _told(one: Setting) -> str:
    """Return a setting in words; a value that may be a secret is not among them."""
    value = setting_values.bare(one.name.lower(), one.value)
    return f"{one.name} = {value}" + (f" of role {one.role}" if one.role else "")


def give(conn: Connection, name: str, belongings: Belongings, owner: str = "") -> None:
    """Give the database ``name`` what belonged to another; all or nothing.

    :param conn: a maintenance connection.
    :param owner: of the database: what it may do is among the grants, where there are any.
    """
    with conn.transaction():
        for setting in belongings.settings:
            _set(conn, name, setting)
        if belongings.grants:  # none at all means the defaults, which a new database has
            _grant(conn, name, belongings.grants, owner)
        if belongings.connection_limit != -1:
            limit = sql.SQL("alter database {} with connection limit {}")
            conn.execute(
                limit.format(sql.Identifier(name), sql.Literal(belongings.connection_limit))
            )


def _set(conn: Connection, name: str, setting: Setting) -> None:
    whose = (
        sql.SQL("role {} in database {}").format(sql.Identifier(setting.role), sql.Identifier(name))
        if setting.role
        else sql.SQL("database {}").format(sql.Identifier(name))
    )
    # A setting of an extension has a dotted name, which is two identifiers.
    key = sql.Identifier(*setting.name.split("."))
    if setting.name in _LISTS:
        # The server reads the list, and hands on what it read: we need not know its quoting.
        conn.execute("select pg_catalog.set_config(%s, %s, true)", (setting.name, setting.value))
        conn.execute(sql.SQL("alter {} set {} from current").format(whose, key))
        return
    conn.execute(sql.SQL("alter {} set {} to {}").format(whose, key, sql.Literal(setting.value)))


def _grant(conn: Connection, name: str, grants: tuple[Grant, ...], owner: str) -> None:
    here = sql.Identifier(name)
    conn.execute(sql.SQL("revoke all on database {} from public").format(here))
    if owner:
        revoke = sql.SQL("revoke all on database {} from {}")
        conn.execute(revoke.format(here, sql.Identifier(owner)))
    for grant in grants:
        to = sql.Identifier(grant.role) if grant.role else sql.SQL("public")
        option = sql.SQL("with grant option") if grant.grantable else sql.SQL("")
        statement = sql.SQL("grant {} on database {} to {} {}")
        conn.execute(statement.format(_PRIVILEGES[grant.privilege], here, to, option))
