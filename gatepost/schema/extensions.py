"""Is every extension there, or to be had, in a version that will do?

What an extension brought is its own affair, and compared nowhere else: here it is asked whether
all of it is there.  A restore creates an extension in the version that the server offers, not in
the one that the archive's database had.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gatepost import database
from gatepost.names import dotted
from gatepost.schema import remarks, spelling
from gatepost.schema.configuration import setting_values
from gatepost.schema.declarations import Object
from gatepost.schema.remarks import Finding, Note
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.schema.differences import Differences
    from gatepost.schema.remarks import Remark

# Packages whose name is not that of their extension; contrib's are in one with the server.
_PACKAGES = {
    "pg_cron": "postgresql-{major}-cron",
    "pg_partman": "postgresql-{major}-partman",
    "pg_repack": "postgresql-{major}-repack",
    "plperl": "postgresql-plperl-{major}",
    "plpython3u": "postgresql-plpython3-{major}",
    "pltcl": "postgresql-pltcl-{major}",
    "postgis": "postgresql-{major}-postgis-3",
    "vector": "postgresql-{major}-pgvector",
}
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")
# What hangs on the tables of an extension.
_PARTS = "on its tables"
_CONSTRAINT = re.compile(r"constraint (?P<name>.+) on (?P<table>.+?)")
# So many members that are missing are named.
_NAMED = 3


@dataclass(frozen=True)
class Offered:
    """What a server could install of an extension.

    :param usual: the version that it would install by itself.
    :param updates: the versions from which it can update to that one.
    """

    usual: str
    versions: tuple[str, ...]
    updates: tuple[str, ...]


def read(conn: Connection) -> tuple[Object, ...]:
    """Return every extension with what it brought, ordered by name.  One statement."""
    return tuple(
        Object(f"extension {row['name']}", "extension", row["attributes"])
        for row in database.mappings(conn, question("extensions_installed"))
    )


def offered(conn: Connection, name: str) -> Offered | None:
    """Return what a live server could install of an extension; None if nothing."""
    found = database.mappings(conn, question("extensions_offered"), {"name": name})
    return Offered(**{key: _frozen(value) for key, value in found[0].items()}) if found else None


def named(name: str, objects: tuple[Object, ...]) -> Object | None:
    """Return the extension of that name, if it is there."""
    return next((one for one in objects if one.identity == f"extension {name}"), None)


def compare(before: Object | None, after: Object | None) -> Differences:
    """Return how an installed extension differs between the two sides.

    A newer version after is a note, an older one a finding; so is one that is only after, a note
    unless it acts on commands of others.

    :param before: from `read`, or from a catalog, which does not tell members; as ``after``.
    :raises ValueError: neither side has it.
    """
    if before is None and after is None:
        raise ValueError("an extension that is on neither side cannot be compared")
    if before is None:
        return remarks.gathered(_only_after(after))
    if after is None:
        return remarks.gathered([_missing(before)])
    return remarks.gathered(_installed(before, after))


def promise(
    before: Object, offer: Offered | None, *, major: int, exists: bool = True
) -> Differences:
    """Return what will become of an extension that the target has not installed yet.

    :param offer: of the target's server.
    :param major: the version of that server.
    :param exists: whether the database that is to be filled is there already.
    """
    return remarks.gathered(_promised(before, offer, major, exists=exists))


def library(name: str, before: tuple[Object, ...], after: tuple[Object, ...]) -> Differences:
    """Return whether the library of an extension is loaded at the server's start as it was.

    :param before: from `configuration.read`, as is ``after``; nothing is said where a role was not
        told which libraries those are.
    """
    was, now = _preloaded(before), _preloaded(after)
    if was is None or now is None or name not in was or name in now:
        return remarks.gathered([])
    said = f"{_called(name)}: its library is in shared_preload_libraries before, not after"
    everything = ", ".join([*now, name])
    hint = f"alter system set shared_preload_libraries to {everything}, and restart the server"
    return remarks.gathered([Finding(said, hint)])


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _called(name: str) -> str:
    return f"extension {name}"


def _name(one: Object) -> str:
    return one.identity.removeprefix("extension ")


def _creation(one: Object) -> str:
    name, schema = dotted(_name(one)), dotted(one.attributes["schema"])
    return f"create extension {name} with schema {schema}"


def _missing(before: Object) -> Remark:
    said = f"{before.identity}: {before.attributes['version']} before, missing after"
    return Finding(said, _creation(before))


def _only_after(after: Object | None) -> Iterator[Remark]:
    assert after is not None  # one of the two sides has it
    members = after.attributes.get("members", [])
    acting = [member for member in members if member.startswith("event trigger ")]
    said = f"{after.identity}: only after ({after.attributes['version']})"
    if acting:
        hint = f"drop extension {dotted(_name(after))}"
        yield Finding(f"{said}, with the {acting[0]}, which acts on commands of others", hint)
    else:
        yield Note(said)


def _installed(before: Object, after: Object) -> Iterator[Remark]:
    was, now = before.attributes, after.attributes
    name = dotted(_name(before))
    if was["schema"] != now["schema"]:
        yield Finding(
            f"{before.identity}: schema {was['schema']} before, {now['schema']} after",
            f"alter extension {name} set schema {dotted(was['schema'])}",
        )
    if was["version"] != now["version"]:
        yield _other_version(before, now["version"])
    elif was["schema"] == now["schema"] and "members" in was and "members" in now:
        yield from _members(before, after)
        yield from _on_its_tables(before, after)
    tables = ", ".join(one for one in was.get("tables", []) if one in now.get("tables", []))
    if tables:
        yield Note(f"{before.identity}: what is in {tables} is its own, and not compared by `rows`")


def _other_version(before: Object, after: str) -> Remark:
    was = before.attributes["version"]
    said = f"{before.identity}: version {was} before, {after} after"
    newer = _is_newer(after, than=was)
    if newer:
        return Note(said)
    if newer is None:
        return Finding(f"{said}: which is the newer one?", "look, and waive this in writing")
    return Finding(said, f"alter extension {dotted(_name(before))} update to '{was}'")


def _members(before: Object, after: Object) -> Iterator[Remark]:
    was, now = set(before.attributes["members"]), set(after.attributes["members"])
    if gone := sorted(was - now):
        more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
        yield Finding(
            f"{before.identity}: without {', '.join(gone[:_NAMED])}{more} after",
            f"drop extension {dotted(_name(before))} and {_creation(before)}; or, where it is"
            f" there, alter extension {dotted(_name(before))} add {gone[0]}",
        )
    if new := sorted(now - was):
        yield Note(f"{before.identity}: {new[0]} is its member only after ({len(new)} in all)")


def _on_its_tables(before: Object, after: Object) -> Iterator[Remark]:
    """Yield what hangs on its tables and differs: in one version, the extension made the same."""
    was, now = (one.attributes.get(_PARTS) for one in (before, after))
    if was is None or now is None:  # recorded before these were read
        return
    for name in sorted(was.keys() | now.keys()):
        had, has = was.get(name), now.get(name)
        said = f"{before.identity}: on its tables, {name}"
        if had is None:
            yield Finding(f"{said} only after: {has}", _drop(name))
        elif has is None:
            yield Finding(f"{said} gone: pg_dump leaves it behind", had)
        elif not spelling.alike(had, has):
            yield Finding(f"{said}: {had} before, {has} after", f"{_drop(name)}; {had}")


def _drop(name: str) -> str:
    """Return how something is dropped, of which the name begins with its kind."""
    constraint = _CONSTRAINT.fullmatch(name)
    if constraint is None:
        return f"drop {name}"
    return f"alter table {constraint['table']} drop constraint {constraint['name']}"


def _promised(
    before: Object, offer: Offered | None, major: int, *, exists: bool
) -> Iterator[Remark]:
    name, was = _name(before), before.attributes["version"]
    if offer is None:
        yield Finding(
            f"{before.identity}: {was} before, and the target's server does not have it",
            _package(name, major),
        )
    elif exists and before.attributes.get("built in"):
        yield Finding(
            f"{before.identity}: missing after, and no archive brings it", _creation(before)
        )
    elif offer.usual != was:
        yield from _other_offer(before, offer, major)


def _other_offer(before: Object, offer: Offered, major: int) -> Iterator[Remark]:
    name, was = _name(before), before.attributes["version"]
    said = f"{before.identity}: {was} before, a restore will create {offer.usual}"
    if _is_newer(offer.usual, than=was) or was in offer.updates:
        unreached = "" if was in offer.updates else f", to which {was} cannot be updated"
        yield Note(f"{said}{unreached}")
    elif was in offer.versions or any(_is_newer(one, than=was) for one in offer.versions):
        wanted = was if was in offer.versions else max(offer.versions, key=_numbers)
        yield Note(f"{said}; then alter extension {dotted(name)} update to '{wanted}'")
    else:
        yield Finding(f"{said}, and has nothing newer", _package(name, major))


def _package(name: str, major: int) -> str:
    package = _PACKAGES.get(name, f"postgresql-{{major}}-{name.replace('_', '-')}")
    package = package.format(major=major)
    return (
        f"install its package on the target's server, such as {package}, or postgresql-contrib for"
        " what comes with PostgreSQL"
    )


def _is_newer(version: str, *, than: str) -> bool | None:
    """Whether a version is newer; None where its spelling does not tell."""
    if not (_NUMBERS.fullmatch(version) and _NUMBERS.fullmatch(than)):
        return None
    return _numbers(version) > _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def _preloaded(objects: tuple[Object, ...]) -> list[str] | None:
    server = next(one for one in objects if one.identity == "server")
    text = server.attributes["settings"].get("shared_preload_libraries")
    return None if text is None else setting_values.listed(text)
