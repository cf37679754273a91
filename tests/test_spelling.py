"""Is what servers deparse told apart by what it means, and by nothing else?

`spellings.sql` holds expressions of every kind, wherever one may stand: defaults, checks, index
predicates, generated columns, bounds, policies, rules, conditions of triggers, bodies of functions,
views.  Real servers of three versions make them; pg_dump of the newest moves them.
"""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import database, embedded
from gatepost.schema import catalog, spelling
from gatepost.schema.differences import between
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.schema.catalog import Catalog

pytestmark = pytest.mark.servers

SYSTEM = Path("/usr/lib/postgresql/15/bin")
SPELLINGS = (Path(__file__).parent / "spellings.sql").read_text(encoding="utf-8")
NUMBER = itertools.count()

COMMON = (
    "create table t (a integer, b integer, v varchar(9), w text, at timestamp, d date);"
    " create table u (a integer, v varchar(9));"
    " create function tf() returns trigger language plpgsql as 'begin return new; end';"
)
# A real difference in each place where a spelling is forgiven: what makes it before, and after.
DIFFERENT = {
    "operand of a check": ("alter table t add check ({})", "a > b", "b > a"),
    "element of a list": ("alter table t add check (v in ({}))", "'a', 'b'", "'a', 'c'"),
    "order of a list": ("alter table t add check (v in ({}))", "'a', 'b'", "'b', 'a'"),
    "blanks in a text": ("alter table t add check (v <> {})", "'a b'", "'a  b'"),
    "case of a text": ("alter table t add check (v <> {})", "'a'", "'A'"),
    "all for any": ("alter table t add check (v = {} (array['a', 'b']))", "any", "all"),
    "or for and": ("alter table t add check (a > 0 {} b > 0)", "or", "and"),
    "precedence": ("alter table t add check ({} > 0)", "(a + b) * 2", "a + b * 2"),
    "negation": ("alter table t add check ({} b = 2)", "not a = 1 and", "a = 1 and not"),
    "cast": ("alter table t add check ({} <> '')", "w::varchar(3)", "w::varchar(4)"),
    "field of extract": ("alter table t add check (extract({} from at) > 1)", "year", "month"),
    "column of extract": (
        "create view x as select extract(year from {}) as e from t",
        "at",
        "d::timestamp",
    ),
    "column of substring": (
        "create view x as select substring({} from 2) as e from t",
        "v",
        "w::varchar",
    ),
    "column of a view": ("create view x as select {} as c from t", "a", "b"),
    "table of a column": (
        "create view x as select {}.a from t join u on t.v = u.v",
        "t",
        "u",
    ),
    "table of a view": ("create view x as select a from {}", "t", "u"),
    "column of an ordinal": (
        "create view x as select r.{} as c from unnest(array[1]) with ordinality as r(n, o)",
        "n::bigint",
        "o",
    ),
    "table in a policy": (
        "create policy p on t using (exists (select from u where {}))",
        "u.a = t.a",
        "u.a = u.a",
    ),
    "predicate of an index": ("create index i on t (a) where {}", "v in ('a')", "v in ('b')"),
    "expression of an index": ("create index i on t ({})", "(a + b)", "(b + a)"),
    "generated expression": (
        "alter table t add g text generated always as ({}) stored",
        "v || w",
        "w || v",
    ),
    "default": ("alter table t alter at set default {}", "now()", "now() + interval '1 s'"),
    "bound": (
        (
            "create table r (k text) partition by list (k);"
            " create table r1 partition of r for values in ({})"
        ),
        "'a', 'b'",
        "'a', 'c'",
    ),
    "partition key": ("create table r (k text) partition by list (({}))", "lower(k)", "upper(k)"),
    "condition of a trigger": (
        "create trigger g before update on t for each row when ({}) execute function tf()",
        "old.v in ('a', 'b')",
        "new.v in ('a', 'b')",
    ),
    "body of a rule": (
        "create rule r as on delete to t do also delete from u where u.a = {}",
        "old.a",
        "old.b",
    ),
    "body of a function": (
        "create function f(x integer) returns integer begin atomic select a from t where {}; end",
        "t.a = x",
        "t.b = x",
    ),
    "argument of a function": (
        "create function f(x text default {}) returns text return x",
        "'a'::varchar",
        "'b'::varchar",
    ),
    "domain": ("create domain m as varchar check (value in ({}))", "'a', 'b'", "'a', 'b', 'c'"),
    "constant of a query within": (
        "create view x as select a from t where w = (select {})",
        "'x'",
        "'y'",
    ),
    "name of a constant": ("create view x as select {} from t", "'x'", "'x' as y"),
    "subscript": ("create view x as select (array[a, b])[{}] as c from t", "1", "2"),
    "order of a view": ("create view x as select a from t order by a {}", "asc", "desc"),
}


@pytest.fixture(scope="module")
def server15() -> Iterator[Server]:
    """The system's PostgreSQL 15."""
    if not SYSTEM.is_dir():
        pytest.skip("the system has no PostgreSQL 15")
    with tempfile.TemporaryDirectory(prefix="gatepost-pg-") as folder:
        server = embedded.start(15, Path(folder), bin=SYSTEM, durable=False)
        yield server
        server.stop(at_once=True)


@contextlib.contextmanager
def made(server: Server, script: str = "") -> Iterator[Dsn]:
    """Make a database for one test."""
    name = f"spelling_{next(NUMBER)}"
    run(server.dsn(), f"create database {name} template template0")
    try:
        if script:
            run(server.dsn(name), script)
        yield server.dsn(name)
    finally:
        run(server.dsn(), f"drop database {name} with (force)")


def read(dsn: Dsn) -> Catalog:
    with contextlib.closing(database.read_only(dsn)) as conn:
        return catalog.read(conn)


def found(before: Catalog, after: Catalog) -> list[str]:
    """Return everything that is said of two catalogs, notes included."""
    names = sorted({one.identity for side in (before, after) for one in side.objects})
    told = [between(name, before, after) for name in names]
    return [line for one in told for line in (*one.findings, *one.notes)]


def moved(source: Dsn, target: Dsn, programs: Path, folder: Path) -> None:
    """Dump and restore by one version's programs."""
    file = str(folder / "dump.sql")
    dump = [str(programs / "pg_dump"), "-Fp", "--no-owner", "-f", file]
    subprocess.run(dump, check=True, env=source.environment(), stdin=subprocess.DEVNULL)
    # psql goes on after the settings that an older server does not know
    restore = [str(programs / "psql"), "-qX", "-o", str(folder / "said"), "-f", file]
    subprocess.run(restore, check=True, env=target.environment(), capture_output=True)


@pytest.mark.parametrize(("source", "target"), [(15, 16), (15, 18), (16, 16), (16, 18), (18, 18)])
def test_a_restore_spells_nothing_so_that_it_differs(
    source: int, target: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Once restored and twice restored, with the programs of PostgreSQL 18."""
    servers = [request.getfixturevalue(f"server{major}") for major in (source, target, 18)]
    with (
        made(servers[0], SPELLINGS) as first,
        made(servers[1]) as second,
        made(servers[1]) as third,
    ):
        moved(first, second, servers[2].bin, tmp_path)
        moved(second, third, servers[2].bin, tmp_path)
        once, twice, thrice = map(read, (first, second, third))

    assert len(once.objects) > 100
    assert found(once, twice) == []
    assert found(once, thrice) == []
    assert found(thrice, once) == []


@pytest.mark.parametrize(("source", "target"), [(15, 16), (15, 18), (16, 18)])
def test_two_versions_spell_the_same_script_alike(
    source: int, target: int, request: pytest.FixtureRequest
) -> None:
    before, after = (request.getfixturevalue(f"server{major}") for major in (source, target))
    with made(before, SPELLINGS) as was, made(after, SPELLINGS) as now:
        assert found(read(was), read(now)) == []


@pytest.fixture(scope="module", params=[15, 16])
def different(
    request: pytest.FixtureRequest, server18: Server
) -> Iterator[tuple[Catalog, Catalog]]:
    """Every real difference, in a schema of its own, on an older server and on the newest."""
    older = request.getfixturevalue(f"server{request.param}")
    with made(older, _schemas(1)) as was, made(server18, _schemas(2)) as now:
        yield read(was), read(now)


def _schemas(side: int) -> str:
    return ";".join(
        f"create schema s{number}; set search_path = s{number}; {COMMON}"
        f" {case[0].format(case[side])}"
        for number, case in enumerate(DIFFERENT.values())
    )


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_real_difference_in_the_same_place_is_seen(
    name: str, different: tuple[Catalog, Catalog]
) -> None:
    schema = f"s{list(DIFFERENT).index(name)}"
    lines = found(*different)

    assert [line for line in lines if f"{schema}." in line.replace(":", ".")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT EXTRACT(epoch FROM p.at) FROM s.p", "SELECT EXTRACT(epoch FROM at) FROM s.p"),
        ("SELECT SUBSTRING(p.v FROM 2) FROM s.p", "SELECT SUBSTRING(v FROM 2) FROM s.p"),
        ("SELECT TRIM(BOTH 'x' FROM p.v) FROM s.p", "SELECT TRIM(BOTH 'x' FROM v) FROM s.p"),
        (
            "SELECT r.a FROM ROWS FROM(f(1), g(2)) WITH ORDINALITY r(a, b, o)",
            "SELECT a FROM ROWS FROM(f(1), g(2)) WITH ORDINALITY r(a, b, o)",
        ),
        (
            "SELECT r.o FROM unnest(ARRAY[1]) WITH ORDINALITY r(n, o)",
            "SELECT o FROM unnest(ARRAY[1]) WITH ORDINALITY r(n, o)",
        ),
        ("( SELECT 'x'::text FROM s.p)", "( SELECT 'x'::text AS text FROM s.p)"),
        ("( SELECT 'x'::character varying)", "( SELECT 'x'::character varying AS \"varchar\")"),
        ("( SELECT '1'::bigint, 'x'::text)", "( SELECT '1'::bigint AS int8, 'x'::text)"),
        ("( SELECT '{}'::integer[])", "( SELECT '{}'::integer[] AS int4)"),
    ],
)
def test_a_name_that_a_restore_gives_or_takes_is_none(one: str, other: str) -> None:
    assert spelling.alike(one, other)
    assert spelling.alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT EXTRACT(epoch FROM p.at) FROM s.p", "SELECT EXTRACT(epoch FROM to) FROM s.p"),
        ("SELECT EXTRACT(epoch FROM p.at) FROM s.p", "SELECT EXTRACT(year FROM at) FROM s.p"),
        ("SELECT EXTRACT(epoch FROM q.at) FROM s.p", "SELECT EXTRACT(epoch FROM at) FROM s.p"),
        ("SELECT a FROM s.p", "SELECT a FROM p"),
        ("SELECT a FROM s.p", "SELECT a FROM t.p"),
        (
            "SELECT r.a FROM f(1) WITH ORDINALITY r(a, o)",
            "SELECT r.o FROM f(1) WITH ORDINALITY r(a, o)",
        ),
        (
            "SELECT r.a FROM f(1) WITH ORDINALITY r(a, o)",
            "SELECT a FROM f(1) WITH ORDINALITY x(a, o)",
        ),
        ("( SELECT 'x'::text AS y)", "( SELECT 'x'::text)"),
        ("( SELECT 'x'::text AS text)", "( SELECT 'y'::text)"),
        ("( SELECT 'x'::text AS \"varchar\")", "( SELECT 'x'::text)"),
        ("( SELECT a AS text)", "( SELECT a)"),
        ("SELECT TRIM(BOTH FROM p.v) FROM s.p", "SELECT TRIM(LEADING FROM v) FROM s.p"),
    ],
)
def test_another_column_table_or_field_is_another(one: str, other: str) -> None:
    assert not spelling.alike(one, other)
    assert not spelling.alike(other, one)
