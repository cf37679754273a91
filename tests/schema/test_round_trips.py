"""Is everything quiet after an honest dump and restore?"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import database, embedded
from tests import postgres
from tests.schema import verdict
from tests.schema.moving import made, moved, programs, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from tests.schema.conftest import Servers

FOLDER = Path(__file__).parent / "roundtrip"
EVERY_KIND = Path(__file__).parents[1] / "every_kind.sql"
SCHEMAS = sorted(FOLDER.glob("*.sql"))
PAIRS = ((14, 18), (15, 16), (15, 18), (16, 18))
MORE_PAIRS = ((14, 15), (14, 16), (14, 17), (15, 17), (16, 17), (17, 18))


def _marks(pair: tuple[int, int], tool: int) -> tuple[pytest.MarkDecorator, ...]:
    if pair in MORE_PAIRS or (14 in pair and tool != 18):
        return (pytest.mark.long,)
    return () if tool == 18 else (pytest.mark.slow,)


# An older pg_dump refuses a newer server, and what a newer one writes of a subscription is refused
# by a 15; those of 14 and 17 are not to be had.
TRIPS = [
    pytest.param(*pair, tool, id=f"{pair[0]}-{pair[1]}-by-{tool}", marks=_marks(pair, tool))
    for pair in (*PAIRS, *MORE_PAIRS)
    for tool in (15, 16, 18)
    if tool >= pair[0] and (pair[1] > 15 or tool == 15)
]
# What 14 cannot declare yet, and what it has instead.
UNTIL_15 = (
    (r" nulls not distinct", ""),
    (r"security_invoker = true, ", ""),
    (r"(publication \w+ for table [\w.]+) \([^()]*\) where \([^()]*\)", r"\1"),
    (r"(publication \w+) for tables in schema (?:\w+|\"[^\"]+\")", r"\1"),
    (r"(publication \w+ for table [\w.]+,)\s+table ", r"\1 "),
    (r"create unlogged sequence", "create sequence"),
    (r"\bon delete set null \([^()]*\)", "on delete set null"),
)
# Extensions of these servers that others do not have.
VECTOR = "create extension vector schema public;\n"


@pytest.mark.parametrize(("source", "target", "tool"), TRIPS)
@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.stem)
def test_dump_and_restore_are_quiet(
    file: Path, source: int, target: int, tool: int, servers: Servers, tmp_path: Path
) -> None:
    quiet(file.read_text("utf-8"), (source, target, tool), servers, tmp_path)


@pytest.mark.parametrize(("source", "target", "tool"), TRIPS)
def test_one_of_every_kind_is_quiet(
    source: int, target: int, tool: int, servers: Servers, tmp_path: Path
) -> None:
    script = EVERY_KIND.read_text("utf-8")
    if {source, target} - embedded.majors().keys():  # only the wheel has vector
        script = script.replace(VECTOR, "create schema v;").replace("public.vector(3)", "real[]")
    quiet(script, (source, target, tool), servers, tmp_path)


@pytest.mark.parametrize(("source", "target"), [*PAIRS, (15, 15)])
def test_postgresqls_own_views_are_quiet(
    source: int, target: int, servers: Servers, tmp_path: Path
) -> None:
    """The information schema, built once more under another name: 60 views, functions, domains."""
    where = postgres.programs(source) if source in postgres.MAJORS else programs(source)
    shared = sorted(where.parent.glob("share/**/information_schema.sql"))
    shared += sorted(Path("/usr/share/postgresql").glob(f"{source}/information_schema.sql"))
    script = shared[0].read_text("utf-8").replace("information_schema", "views_of_its_own")
    quiet(script, (source, target, 18), servers, tmp_path)


@pytest.mark.parametrize(
    ("source", "target", "tool"),
    [
        (15, 15, 15),
        pytest.param(14, 17, 18, marks=pytest.mark.long),
        pytest.param(15, 17, 18, marks=pytest.mark.long),
    ],
)
def test_every_extension_of_the_server_is_quiet(
    source: int, target: int, tool: int, servers: Servers, tmp_path: Path
) -> None:
    offered = [_offered(servers, version) for version in (source, target)]
    names = sorted(offered[0] & offered[1])
    if len(names) < 10:
        pytest.skip("no contrib extensions: apt-get install postgresql-contrib")
    script = "".join(f'create extension "{name}" cascade;' for name in names)
    script += """
        create schema uses;
        create table uses.t (
          h hstore default 'a=>1', c citext unique, l ltree, s seg, k cube, i integer, at tstzrange,
          exclude using gist (i with =, at with &&)
        );
        create index on uses.t using gin (h);
        create index on uses.t using gist (l, c gist_trgm_ops);
        create view uses.v as
          select h -> 'a' as a, l <@ 'a.b'::ltree as below, c = 'X'::citext as same,
                 similarity(c::text, 'x') as near, unaccent(c::text) as plain from uses.t;
    """
    quiet(script, (source, target, tool), servers, tmp_path)


def _offered(servers: Servers, major: int) -> set[str]:
    """Return the extensions of a server, without languages that need another interpreter."""
    with contextlib.closing(database.maintenance(servers.of(major, "trips").dsn())) as conn:
        found = conn.execute("select name from pg_catalog.pg_available_extensions")
        return {name for (name,) in found if not re.search(r"plpgsql|plperl|plpython|pltcl", name)}


def quiet(
    script: str, trip: tuple[int, int, int], servers: Servers, folder: Path, name: str = "trip"
) -> None:
    """Move what a script makes, and assert that nothing is said of it and that pg_dump agrees."""
    source, target, tool = trip
    for since, instead in UNTIL_15 if source < 15 else ():
        script = re.sub(since, instead, script)
    with contextlib.ExitStack() as held:
        before = held.enter_context(made(servers.of(source, "trips"), f"{name}_before", script))
        after = held.enter_context(made(servers.of(target, "trips"), f"{name}_after"))
        moved(before, after, tool)
        said = held.enter_context(compared(before, after, folder))
        assert said.lines == []
        assert text(before) == text(after)


@contextlib.contextmanager
def compared(before: Dsn, after: Dsn, folder: Path) -> Iterator[verdict.Verdict]:
    """Yield what the questions say of two databases."""
    with (
        contextlib.closing(verdict.side("before", before, folder / "before")) as was,
        contextlib.closing(verdict.side("after", after, folder / "after")) as now,
    ):
        yield verdict.between(was, now)
