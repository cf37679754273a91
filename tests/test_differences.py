"""Is every difference of two declarations seen and said, and nothing else?

The cases of `schema_cases` lie side by side in two databases, PostgreSQL 16 before and 18 after,
each in a schema of its own, so that the catalogs are read once for all of them.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.schema import catalog, differences
from gatepost.schema.declarations import Object
from tests.schema_cases import ALIKE, DIFFERENT, Case

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.schema.catalog import Catalog
    from gatepost.schema.differences import Differences

CASES = (*DIFFERENT, *ALIKE)
Sides = tuple[dict[str, list[Object]], dict[str, list[Object]]]


def schema(case: Case) -> str:
    """Return the schema that a case lives in."""
    return f"c{CASES.index(case)}"


@pytest.fixture(scope="module")
def sides(server16: Server, server18: Server) -> Sides:
    """All cases on both servers: objects by schema."""
    return (
        filled(server16, "declared", [(case.common, case.before) for case in CASES]),
        filled(server18, "declared", [(case.common, case.after) for case in CASES]),
    )


def filled(server: Server, name: str, scripts: list[tuple[str, str]]) -> dict[str, list[Object]]:
    """Make a database with a schema for each script, and return its objects by schema."""
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(f"create database {name} template template0".encode())
    dsn = server.dsn(name)
    with contextlib.closing(database.maintenance(dsn)) as conn:
        for number, (common, own) in enumerate(scripts):
            conn.execute(f"create schema c{number}; set search_path = c{number}".encode())
            conn.execute(f"{common};{own}".encode())
    return by_schema(read(dsn))


def read(dsn: Dsn) -> Catalog:
    """Return a database's catalog."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        return catalog.read(conn)


def by_schema(found: Catalog) -> dict[str, list[Object]]:
    """Return the objects that lie in schemas, by the name of these."""
    sorted_in: dict[str, list[Object]] = {}
    for one in found.objects:
        if one.kind not in ("schema", "extension", "event trigger"):
            sorted_in.setdefault(one.identity.split()[-1].split(".")[0], []).append(one)
    return sorted_in


def all_between(before: list[Object], after: list[Object]) -> Differences:
    """Return what differs between two lists of objects, in the order of their names."""
    was = {one.identity: one for one in before}
    now = {one.identity: one for one in after}
    found = [differences.compare(was.get(name), now.get(name)) for name in sorted({*was, *now})]
    return differences.Differences(
        tuple(line for one in found for line in one.findings),
        tuple(line for one in found for line in one.notes),
    )


@pytest.mark.parametrize("case", DIFFERENT, ids=repr)
def test_difference_is_seen_and_said(case: Case, sides: Sides) -> None:
    name = schema(case)
    before, after = (side.get(name, []) for side in sides)
    assert all_between(before, after).findings == tuple(case.said.format(s=name).splitlines())


@pytest.mark.parametrize("case", DIFFERENT, ids=repr)
def test_difference_is_seen_from_the_other_side(case: Case, sides: Sides) -> None:
    before, after = (side.get(schema(case), []) for side in sides)
    assert len(all_between(after, before).findings) == len(case.said.splitlines())


@pytest.mark.parametrize("case", ALIKE, ids=repr)
def test_pair_that_only_looks_different_is_alike(case: Case, sides: Sides) -> None:
    name = schema(case)
    before, after = (side[name] for side in sides)
    found = all_between(before, after)
    assert found.findings == all_between(after, before).findings == ()
    assert found.notes == tuple(case.noted.format(s=name).splitlines())


def test_not_enforced_and_not_valid_constraints_of_18_are_told(
    database18: Callable[..., Dsn],
) -> None:
    common = "create table t (id integer, v integer, w integer generated always as (id)"
    before = (
        f"{common} stored); alter table t add constraint c check (id > 0), alter v set not null"
    )
    after = (
        f"{common} virtual); alter table t add constraint c check (id > 0) not enforced,"
        " add constraint nn not null v not valid"
    )
    was, now = (read(database18(script)).object("public.t") for script in (before, after))
    assert differences.compare(was, now).findings == (
        "public.t.v: NOT NULL validated before, NOT NULL not validated after",
        "public.t.w: generated id stored before, id virtual after",
        "public.t: constraint c: enforced before, not enforced after",
    )


def test_what_lies_in_no_schema_is_compared(
    database16: Callable[..., Dsn], database18: Callable[..., Dsn]
) -> None:
    before = (
        "create schema shop; comment on schema public is 'ours'; create extension vector;"
        " create function ef() returns event_trigger language plpgsql as 'begin end';"
        " create event trigger et on ddl_command_end execute function ef()"
    )
    after = (
        f"{before}; drop schema shop; comment on schema public is 'theirs'; alter event trigger et"
        " disable; update pg_catalog.pg_extension set extversion = '0.0' where extname = 'vector'"
    )
    was, now = read(database16(before)), read(database18(after))
    (version,) = (one.attributes["version"] for one in was.objects if "vector" in one.identity)
    assert all_between(list(was.objects), list(now.objects)).findings == (
        "event trigger et: enabled before, disabled after",
        f"extension vector: version {version} before, 0.0 after",
        "schema public: comment ours before, theirs after",
        "schema shop: missing after",
    )


def test_long_texts_are_shown_around_their_first_difference() -> None:
    def declared(ending: str) -> Object:
        return Object("public.v", "view", {"query": "select " + "a, " * 200 + ending})

    (finding,) = differences.compare(declared("b"), declared("c")).findings
    assert finding.startswith("public.v: query …")
    assert finding.endswith("a, c after")
    assert len(finding) < 250


def test_object_on_neither_side_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="neither side"):
        differences.compare(None, None)


def test_unequal_records_are_a_finding_even_where_nothing_can_be_pointed_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The decision is `==`; deepdiff only explains it."""
    monkeypatch.setattr(differences, "DeepDiff", lambda *_, **__: {})
    one, other = (Object("public.t", "table", {"options": value}) for value in ("a", "b"))
    assert differences.compare(one, other).findings == ("public.t: declared otherwise after",)


def test_cases_run_as_planned() -> None:
    assert (len(DIFFERENT) >= 60, len(ALIKE) >= 15) == (True, True)
    assert len({case.name for case in CASES}) == len(CASES)
