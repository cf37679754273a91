"""Is every attribute of every kind of object told, by its name and at its place, and no other?

The cases of `tests.declared` lie side by side in two databases, each in a schema of its own, once
with PostgreSQL 16 before and 18 after and once the other way round.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.schema import catalog, differences
from tests.conftest import run
from tests.declared import operators, replication, tables, twins, types

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.schema.declarations import Object
    from tests.declared.case import Case

pytestmark = pytest.mark.servers

Sides = dict[int, dict[str, dict[str, "Object"]]]
CASES = (*tables.CASES, *types.CASES, *operators.CASES, *replication.CASES)
ALL = (*CASES, *twins.TWINS)
EVERY_KIND = Path(__file__).with_name("every_kind.sql").read_text("utf-8")
_NAME = re.compile(r"\bc(\d+)(?=\b|_)")


def schema(case: Case) -> str:
    """Return the schema that a case lives in."""
    return f"c{ALL.index(case)}"


@pytest.fixture(scope="module")
def before(server16: Server, server18: Server) -> Sides:
    """What the cases have before, by version and schema."""
    return {
        server.major: _filled(server, "told_before", [(one.common, one.before) for one in ALL])
        for server in (server16, server18)
    }


@pytest.fixture(scope="module")
def after(server16: Server, server18: Server) -> Sides:
    """What the cases have after, by version and schema."""
    return {
        server.major: _filled(server, "told_after", [(one.common, one.after) for one in ALL])
        for server in (server16, server18)
    }


def _filled(
    server: Server, name: str, scripts: list[tuple[str, str]]
) -> dict[str, dict[str, Object]]:
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(f"create database {name} template template0".encode())
    dsn = server.dsn(name)
    with contextlib.closing(database.maintenance(dsn)) as conn:
        for number, script in enumerate(scripts):
            if ALL[number].since <= server.major:
                conn.execute(f"create schema c{number}; set search_path = c{number}".encode())
                for part in script:
                    conn.execute(part.replace("{s}", f"c{number}").encode())
    return _by_schema(dsn)


def _by_schema(dsn: Dsn) -> dict[str, dict[str, Object]]:
    found: dict[str, dict[str, Object]] = defaultdict(dict)
    for one in read(dsn).objects:
        if (named := _NAME.search(one.identity)) and one.kind != "schema":
            found[named.group()][one.identity] = one
    return found


def read(dsn: Dsn) -> catalog.Catalog:
    """Return a database's catalog."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        return catalog.read(conn)


def places(was: dict[str, Object], now: dict[str, Object]) -> list[str]:
    """Return every place at which two sets of objects differ, of a note without its values."""
    found = []
    for identity in sorted({*was, *now}):
        compared = differences.compare(was.get(identity), now.get(identity))
        found += [
            " ".join(filter(None, (place.identity, place.part, place.name, *place.key)))
            for detail in compared.details
            for place in detail.places
        ]
        found += [": ".join(note.split(": ")[:2]) for note in compared.notes]
    return sorted(found)


@pytest.mark.parametrize("versions", [(16, 18), (18, 16), (18, 18)], ids=str)
@pytest.mark.parametrize("case", ALL, ids=repr)
def test_difference_is_told_at_its_place(
    case: Case, versions: tuple[int, int], before: Sides, after: Sides
) -> None:
    if case.since > min(versions):
        versions = (18, 18)
    name = schema(case)
    was, now = before[versions[0]].get(name, {}), after[versions[1]].get(name, {})
    expected = sorted(case.places.replace("{s}", name).splitlines())
    assert places(was, now) == expected
    assert places(now, was) == expected


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("versions", [(16, 18), (18, 18)], ids=str)
def test_dump_and_restore_leave_every_case_alone(
    side: str, versions: tuple[int, int], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """But for what no SQL declares; what pg_dump is known to lose is a note."""
    was = request.getfixturevalue(side)[versions[0]]
    source, target = (request.getfixturevalue(f"server{version}") for version in versions)
    now = _restored(source, target, f"told_{side}", tmp_path / "dump")
    found = []
    for case in ALL:
        name = schema(case)
        if case.since <= versions[0] and "pg_catalog.pg_" not in f"{case.before}{case.after}":
            found += places(was.get(name, {}), now.get(name, {}))
    assert found == [f"{name}.t: constraint x" for name in _losing(side)]


def _losing(side: str) -> list[str]:
    """Return the cases of which pg_dump leaves something out, up to version 18 at least."""
    name = "statistics target of a constraint's index"
    return [schema(case) for case in CASES if side == "after" and case.name == name]


def _restored(
    source: Server, target: Server, name: str, file: Path
) -> dict[str, dict[str, Object]]:
    copy = f"{name}_of_{source.major}"
    with contextlib.closing(database.maintenance(target.dsn())) as conn:
        conn.execute(f"create database {copy} template template0".encode())
    dump = [str(target.bin / "pg_dump"), "-Fc", "-f", str(file)]
    subprocess.run(dump, check=True, env=source.dsn(name).environment())
    restore = [str(target.bin / "pg_restore"), "-d", copy, str(file)]
    # what no SQL declares, as a label of no provider, cannot be restored
    subprocess.run(restore, check=False, env=target.dsn(copy).environment(), capture_output=True)
    return _by_schema(target.dsn(copy))


def test_no_password_is_told(before: Sides, after: Sides) -> None:
    """Neither of a server, nor of a user mapping, nor within the address of a subscription."""
    told = json.dumps(
        [
            one.attributes
            for side in (before, after)
            for schemas in side.values()
            for objects in schemas.values()
            for one in objects.values()
        ]
    )
    assert [word for word in ("kept", "hush", "one@", "two@", "x y") if word in told] == []


def test_streaming_that_is_off_as_nobody_asked_for_it_is_no_finding(
    database16: Callable[..., Dsn], database18: Callable[..., Dsn]
) -> None:
    """It is parallel by default from PostgreSQL 18 on, whatever it was before the restore."""
    subscribe = (
        "create subscription sb connection 'dbname=x' publication p"
        " with (connect = false, slot_name = none, enabled = false)"
    )
    was, now = database16(subscribe), database18(subscribe)
    sides = [{one.identity: one for one in read(dsn).objects} for dsn in (was, now)]
    for dsn in (was, now):  # a database that subscribes cannot be dropped
        run(dsn, "drop subscription sb")
    assert places(*sides) == ["subscription sb: streaming, by the version's default"]


def test_options_that_a_role_may_not_see_are_noted(database18: Callable[..., Dsn]) -> None:
    """Be it on one side, or on both: what was not compared does not pass for equal."""
    dsn = database18(
        "create role mapping_reader; create foreign data wrapper w;"
        " create server sv foreign data wrapper w;"
        " create user mapping for public server sv options (user 'a')"
    )
    name = "user mapping for public server sv"
    with contextlib.closing(database.read_only(dsn)) as conn:
        full = catalog.read(conn).object(name)
        conn.execute("set role mapping_reader")
        seen = catalog.read(conn).object(name)
    note = "options are hidden from this role {}, and not compared"
    assert differences.compare(full, seen).notes == (f"{name}: {note.format('after')}",)
    assert differences.compare(seen, seen).notes == tuple(
        f"{name}: {note.format(side)}" for side in ("before", "after")
    )


def test_every_comment_is_told(database18: Callable[..., Dsn]) -> None:
    written = re.findall(r"^comment on .* is '(.*)';$", EVERY_KIND, re.MULTILINE)
    told = json.dumps([one.attributes for one in read(database18(EVERY_KIND)).objects])
    assert len(written) > 40
    assert [comment for comment in written if f'"{comment}"' not in told] == []


def test_cases_run_as_planned() -> None:
    assert (len(CASES) >= 140, len(twins.TWINS) >= 12) == (True, True)
    assert len({case.name for case in ALL}) == len(ALL)
