"""Is what two versions spell in two ways told from what changed, and neither side built upon?"""

from __future__ import annotations

import contextlib
import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import baseline, database, embedded, session, settings, tools
from gatepost.handover import Request
from gatepost.origin import Source
from gatepost.schema import declarations, spelling
from gatepost.schema.catalog import Object
from gatepost.schema.comparison import Comparison
from gatepost.schema.declared import Schema
from gatepost.schema.respelling import respelled
from gatepost.schema.scratch import NOTHING, Built
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.schema.comparison import Told

    Make = Callable[..., Dsn]

TABLE = "create table a (id int primary key, name varchar(20), at timestamptz); "
# PostgreSQL 18 spells an equal key once.
TWICE = "create view twice as select 'a' as k, count(*) from a group by 'a'::text, k; "
# PostgreSQL 15 qualifies the column, and FROM stands before it.
EPOCH = "create view epoch as select extract(epoch from at) as e from a; "
ORDINAL = "create view ordinal as select * from generate_series(1, 3) with ordinality as g(n, o); "
PIECE = "create view piece as select substring(name from 1 for 2), position('a' in name) from a; "
POLICY = (
    "alter table a enable row level security;"
    " create policy own on a to {} using (extract(epoch from at) > (select max(id) from a)); "
)


def moved(before: Dsn, after: Dsn, majors: tuple[int, int], folder: Path) -> Dsn:
    """Dump and restore what a database declares, as a migration would."""
    chosen = tools.choose(*majors)
    archive = str(folder / f"{majors[0]}-{majors[1]}.dump")
    for dsn, argv in (
        (before, (chosen.pg_dump, "-Fc", "-s", "-f", archive)),
        (after, (chosen.pg_restore, "-e", "--no-owner", "-d", after.dbname, archive)),
    ):
        subprocess.run(argv, env=os.environ | dsn.environment(), check=True)
    return after


def told(before: Dsn, after: Dsn, identity: str, **declared: Any) -> Told:
    project = settings.Project(compare_schema=Schema(**declared))
    with opened(before, after, project) as found:
        return Comparison(found.settings, found.before, found.after).of(identity)


def text(dsn: Dsn, identity: str) -> str:
    """Return a view's query as its server spells it."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        (found,) = (one for one in declarations.read(conn) if one.identity == identity)
    return str(found.attributes["query"])


def databases(server: Server) -> list[str]:
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        rows = conn.execute("select datname from pg_catalog.pg_database order by 1")
        return [name for (name,) in rows]


@pytest.mark.parametrize(
    ("view", "identity"),
    [(EPOCH, "public.epoch"), (ORDINAL, "public.ordinal"), (PIECE, "public.piece")],
)
def test_view_that_15_and_18_spell_otherwise_is_declared_alike(
    database15: Make, database18: Make, tmp_path: Path, view: str, identity: str
) -> None:
    before = database15(TABLE + view)
    after = moved(before, database18(), (15, 18), tmp_path)

    assert not told(before, after, identity).findings


def test_view_that_16_and_18_spell_otherwise_is_declared_alike(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before = database16(TABLE + TWICE)
    after = moved(before, database18(), (16, 18), tmp_path)

    assert not spelling.alike(text(before, "public.twice"), text(after, "public.twice")), "words do"
    assert not told(before, after, "public.twice").findings


def test_view_that_was_restored_twice_is_declared_alike(
    database15: Make, database16: Make, database18: Make, tmp_path: Path
) -> None:
    before = database15(TABLE + EPOCH)
    between = moved(before, database16(), (15, 16), tmp_path)
    after = moved(between, database18(), (16, 18), tmp_path)

    assert not told(before, after, "public.epoch").findings


def test_view_that_went_to_an_older_server_is_declared_alike(
    database15: Make, database18: Make
) -> None:
    assert not told(database18(TABLE + EPOCH), database15(TABLE + EPOCH), "public.epoch").findings


def test_another_view_is_found_though_two_versions_spell_it(
    database16: Make, database18: Make
) -> None:
    before = database16(TABLE + TWICE)
    after = database18(TABLE + TWICE.replace("count(*)", "count(name)"))

    found = told(before, after, "public.twice")

    assert len(found.findings) == 1
    assert "count(*)" in found.findings[0].lower()
    assert "count(name)" in found.findings[0].lower()
    assert not found.notes


def test_policy_is_spelled_on_a_server_without_its_roles(
    server15: Server, database15: Make, database18: Make
) -> None:
    run(server15.dsn(), "create role reader")
    before = database15(TABLE + POLICY.format("reader"))
    after = database18(f"create role reader; {TABLE}{POLICY.format('reader')}")

    found = told(before, after, "public.a")

    assert not found.findings
    assert not found.notes


def test_healthy_pair_asks_no_scratch_server(database16: Make, database18: Make) -> None:
    nowhere = "postgresql://127.0.0.1:9/nowhere?connect_timeout=1"
    dsns = database16(TABLE + EPOCH), database18(TABLE + EPOCH)

    assert told(*dsns, "public.epoch", scratch=nowhere).notes == ()
    assert told(*dsns, "public.a", scratch=nowhere).notes == ()


def test_without_a_scratch_server_it_is_said_that_words_were_compared(
    database16: Make, database18: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = database16(TABLE + TWICE)
    after = moved(before, database18(), (16, 18), tmp_path)
    monkeypatch.setattr(embedded, "majors", dict)

    found = told(before, after, "public.twice")

    assert len(found.findings) == 1
    (note,) = found.notes
    assert "public.twice: compared by its words: no scratch server" in note
    assert "of PostgreSQL 18 or later: the wheel has none" in note


def test_scratch_server_of_the_project_is_left_as_it_was(
    database15: Make, database16: Make, server18: Server
) -> None:
    before, after = database15(TABLE + EPOCH), database16(TABLE + EPOCH.replace("at)", "now())"))
    there = databases(server18)

    found = told(before, after, "public.epoch", scratch=server18.url())

    assert len(found.findings) == 1
    assert not found.notes
    assert databases(server18) == there


def test_nothing_is_built_on_the_server_of_a_side(
    database16: Make, database18: Make, server18: Server, tmp_path: Path
) -> None:
    before = database16(TABLE + TWICE)
    after = moved(before, database18(), (16, 18), tmp_path)

    found = told(before, after, "public.twice", scratch=server18.url())

    (note,) = found.notes
    assert "[schema] scratch is the server of after: nothing is ever built there" in note
    assert server18.password not in note


def test_older_scratch_server_is_of_no_use(
    database15: Make, database18: Make, server16: Server
) -> None:
    before, after = database15(TABLE + EPOCH), database18(TABLE + EPOCH.replace("at)", "now())"))

    (note,) = told(before, after, "public.epoch", scratch=server16.url()).notes

    assert "and the sides need 18 or later" in note


def test_what_no_scratch_server_can_build_is_compared_by_its_words(database15: Make) -> None:
    trigram = "create extension pg_trgm; "
    view = "create view near as select similarity(name, {}) as s from a; "
    before = database15(trigram + TABLE + view.format("'a'"))
    after = database15(trigram + TABLE + view.format("'b'"))

    found = told(before, after, "public.near")

    assert len(found.findings) == 1
    assert "similarity" in found.findings[0]
    assert found.notes == (
        "public.near: compared by its words: a scratch server could not build it",
    )


def test_half_a_view_is_not_taken_for_the_view() -> None:
    own = Object("public.v", "view", {"query": "SELECT f(1)"})
    half = Object("public.v", "view", {"query": "SELECT NULL::integer AS f"})

    def read(*failed: str) -> Any:
        catalog = replace(NOTHING, objects=(half,))
        return respelled(replace(NOTHING, objects=(own,)), Built(catalog, failed=failed))

    assert read().object("public.v") == half
    assert read("CREATE OR REPLACE VIEW public.v_else AS").object("public.v") == half
    assert read("CREATE OR REPLACE VIEW public.v AS").object("public.v") == own


def test_source_that_is_a_baseline_is_compared_by_its_words(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before = database16(TABLE + TWICE)
    after = moved(before, database18(), (16, 18), tmp_path)
    live = settings.Settings(
        project=settings.Project(),
        folder=tmp_path,
        target_name="test",
        target=settings.Target(url=after.raw),
        source=Source(url=before.raw),
    )
    file = tmp_path / "before.json"
    baseline.record(live, baseline.Request(out=file))
    chosen = live.model_copy(update={"source": Source(url=f"baseline:{file}")})
    found = session.begin(chosen, Request(gate="data", out=tmp_path))
    with contextlib.closing(found):
        said = Comparison(chosen, found.before, found.after).of("public.twice")

    assert len(said.findings) == 1
    assert said.notes == (
        (
            "public.twice: compared by its words:"
            " before (baseline before.json) is no server, and cannot be built anew"
        ),
    )
