"""To what are a server, a database and the roles within it set, where it changes what data mean?

What is read is what a new session of somebody else would get, not what our own has set or was
given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gatepost import database
from gatepost.names import dotted
from gatepost.schema.configuration import server_settings, setting_values
from gatepost.schema.declarations import Object
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection

# The subjects of the check `settings`: what `read` returns an object of each.
SUBJECTS = ("server", "database", "roles")

# Where a value comes from that only our own session has: another's would have another.
_OURS = ("database", "user", "database user", "client")
_RECORDS_VERSIONS = 150000

Values = dict[str, str]
Known = dict[str, dict[str, str]]


@dataclass(frozen=True)
class _Given:
    """What was set for a database and for roles, by name."""

    everywhere: Values
    database: Values
    roles: dict[str, dict[str, Values]]


def read(conn: Connection) -> tuple[Object, ...]:
    """Return what is set, one object per subject.

    Values are spelled as SHOW spells them.  Of the server, what a session can set and what is
    declared in `server_settings`; what only our own session has is told apart, and left out where
    nobody may say what others would get.

    Nine statements at the most.
    """
    known = _known(conn)
    given = _given(conn, known)
    return (
        Object("server", "server", {"settings": _servers(conn, known, given.everywhere)}),
        Object("database", "database", _database(conn) | {"settings": given.database}),
        Object("roles", "roles", _roles(conn, given)),
    )


def _known(conn: Connection) -> Known:
    """Return every setting as a session that has set nothing would find it, by name."""
    with conn.transaction(force_rollback=True):
        # Our own session has pinned some; the rollback pins them again.
        conn.execute("reset all")
        names = {"names": list(server_settings.BY_NAME)}
        return {
            row["name"]: row for row in database.mappings(conn, question("settings_server"), names)
        }


def _given(conn: Connection, known: Known) -> _Given:
    given = _Given({}, {}, {})
    for row in database.mappings(conn, question("settings_given")):
        role, name = row["role"], row["name"]
        if role:
            place = "here" if row["here"] else "everywhere"
            values = given.roles.setdefault(role, {}).setdefault(place, {})
        else:
            values = given.database if row["here"] else given.everywhere
        values[name] = _spelled(name, row["value"], known)
    return given


def _spelled(name: str, text: str, known: Known) -> str:
    kind, unit = (known[name]["type"], known[name]["unit"]) if name in known else ("", "")
    return setting_values.bare(name, setting_values.shown(name, text, kind, unit))


def _servers(conn: Connection, known: Known, everywhere: Values) -> Values:
    """Return what the server itself would give to a session of somebody else."""
    hidden = [name for name, one in known.items() if one["source"] in _OURS]
    files: Values = {}
    readable = bool(hidden) and database.value(conn, question("settings_files_readable"))
    if readable:
        files = dict(database.rows(conn, question("settings_files")))
    found = {}
    for name, one in known.items():
        if name not in hidden:
            found[name] = setting_values.bare(name, one["value"])
        elif name in everywhere:
            found[name] = everywhere[name]
        elif readable:
            found[name] = _spelled(name, files.get(name, one["built_in"]), known)
    # Every client names its own.
    found.pop("client_encoding", None)
    found.pop("application_name", None)
    return found


def _database(conn: Connection) -> dict[str, Any]:
    attributes: dict[str, Any] = database.value(conn, question("settings_database"))
    if conn.info.server_version >= _RECORDS_VERSIONS:
        actual = database.value(conn, question("settings_database_version"))
        attributes |= {"actual": actual} if actual else {}
    attributes["collations"] = {
        dotted(row.pop("schema"), row.pop("name")): row
        for row in database.mappings(conn, question("settings_collations"))
    }
    return attributes


def _roles(conn: Connection, given: _Given) -> dict[str, Any]:
    used = {name for (name,) in database.rows(conn, question("settings_roles"))}
    return {
        role: {
            "used": role in used or "here" in values,
            # The last one counts.
            "settings": values.get("everywhere", {}) | values.get("here", {}),
            "here": sorted(values.get("here", {})),
        }
        for role, values in sorted(given.roles.items())
    }
