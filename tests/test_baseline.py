"""Does a baseline say all that the source would have said, and nothing that it must not?"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql

from gatepost import (
    baseline,
    baseline_file,
    database,
    handover,
    objects,
    project_file,
    recorded,
    session,
    settings,
    verdict_file,
)
from gatepost.baseline import Request
from gatepost.errors import NotRecorded, UsageError
from gatepost.names import relation
from gatepost.parity import census, columns, tables
from runner.__main__ import main
from tests.conftest import run
from tests.serving import serving
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.session import Session
    from gatepost.settings import Project

    Make = Callable[..., Dsn]

# Every text that must be in no file of a baseline begins with this.
PLANTED = "planted"
SHOP = f"""
create type mood as enum ('sad', 'ok');
create table users (
    id int primary key, name text, feels mood, at timestamptz, total numeric, secret text
);
insert into users
select g, '{PLANTED} name ' || g, case when g % 2 = 0 then 'sad'::mood else 'ok' end,
       timestamptz '2024-05-01 12:34:56.789' + g * interval '1 hour', g * 1.10, '{PLANTED} secret'
from generate_series(1, 3000) as g;
create table orders (id int primary key, u int references users, note text);
insert into orders select g, g, '{PLANTED} note ' || g from generate_series(1, 1000) as g;
create table people (email text primary key, born date);
insert into people
select '{PLANTED}' || g || '@example.org', nullif(date '1961-04-12', date '1961-04-12' + g - 7)
from generate_series(1, 300) as g;
create table few (id int primary key, v text);
insert into few values (1, '{PLANTED}'), (2, 'b');
create table log (a int, b text);
insert into log select g, '{PLANTED} line ' || g from generate_series(1, 500) as g;
create sequence tickets;
select nextval('tickets'), nextval('tickets');
select lo_from_bytea(4242, '{PLANTED}');
analyze;
"""
PROJECT = settings.Project(
    tables={"public.people": settings.TableRule(mask=("email", "born"))},
    endpoints=(settings.Endpoint(path="/users", count="select count(*) from users"),),
)
WITHOUT_KEYS_ASKED = "set session_replication_role = replica; "


def chosen(source: str, after: Dsn, folder: Path, project: Project = PROJECT) -> settings.Settings:
    """Return settings of two sides, as the project's file would."""
    return settings.Settings(
        project=project,
        folder=folder,
        target_name="test",
        target=settings.Target(url=after.raw),
        source=settings.Source(url=source),
    )


@contextlib.contextmanager
def opened(file: Path, after: Dsn, project: Project = PROJECT) -> Iterator[Session]:
    """Open a data gate's session over a baseline and a database."""
    given = chosen(f"baseline:{file}", after, file.parent, project)
    found = session.begin(given, handover.Request(gate="data", out=file.parent))
    with contextlib.closing(found):
        yield found


def drop(dsn: Dsn) -> None:
    """Drop a database."""
    with contextlib.closing(database.maintenance(dsn.of("postgres"))) as conn:
        conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(dsn.dbname)))


def created(server: Server, name: str, script: str, options: str = "") -> Dsn:
    """Create a database and fill it."""
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(f"create database {name} template template0 {options}".encode())
    run(server.dsn(name), script)
    return server.dsn(name)


@pytest.fixture(scope="module")
def shop18(server18: Server) -> Iterator[Dsn]:
    """The shop on PostgreSQL 18, which nobody changes: a template for broken ones."""
    made = created(server18, "baseline_shop", SHOP)
    yield made
    drop(made)


@pytest.fixture(scope="module")
def file(server16: Server, shop18: Dsn, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The baseline of a shop on PostgreSQL 16 that is gone."""
    folder = tmp_path_factory.mktemp("baseline")
    source = created(server16, "baseline_source", SHOP)
    out = folder / "shop.json"
    baseline.record(chosen(source.raw, shop18, folder), Request(out))
    drop(source)
    return out


@pytest.fixture
def copy(file: Path, tmp_path: Path) -> Path:
    """A copy of both files, to be damaged."""
    for one in (file, file.with_suffix(".bin")):
        shutil.copy(one, tmp_path / one.name)
    return tmp_path / file.name


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_gate_says_go_when_the_source_is_gone(
    file: Path, shop18: Dsn, tmp_path: Path, workers: str
) -> None:
    sides = (f"--source=baseline:{file}", f"--target={shop18.raw}", "--gate=data")
    done = gate(*sides, f"--project={tmp_path}", f"--gatepost-out={tmp_path}", workers)
    record = verdict_file.read(tmp_path)

    assert (done.returncode, record.verdict) == (0, "GO"), done.stdout
    assert record.not_asked == ()
    assert "baseline of 20" in done.stdout


@pytest.mark.slow
def test_every_class_of_fault_is_found_when_the_source_is_gone(
    file: Path, shop18: Dsn, database18: Make, tmp_path: Path
) -> None:
    after = database18(
        f"{WITHOUT_KEYS_ASKED} delete from users where id = 77;"
        "update users set at = at + interval '3 hours', name = 'x' where id = 500;"
        "update orders set note = null where id = 3; delete from log where a = 5;"
        "drop table people; select setval('tickets', 1);"
        "alter table orders disable trigger all; select lo_put(4242, 0, 'x')",
        template=shop18.dbname,
    )
    sides = (f"--source=baseline:{file}", f"--target={after.raw}", "--gate=data")
    done = gate(*sides, f"--project={tmp_path}", f"--gatepost-out={tmp_path}")
    record = verdict_file.read(tmp_path)

    assert (done.returncode, record.verdict) == (1, "NO-GO"), done.stdout
    assert {f"{one.check} {one.subject}" for one in record.findings} == {
        "columns public.orders",
        "objects large objects",
        "objects triggers",
        "orphans public.orders.u -> public.users.id",
        "rows public.log",
        "rows public.orders",
        "rows public.people",
        "rows public.users",
        "schema public.orders",
        "schema public.people",
        "sequences public.tickets",
    }
    assert PLANTED not in done.stdout


TOML = """
[source]
url = "baseline:{baseline}"
media = ["pictures"]
[targets.prod]
url = "{target}"
app = "{app}"
media = ["pictures"]
[tables."public.people"]
mask = ["email", "born"]
[[endpoints]]
path = "/users"
rows = "users"
count = "select count(*) from users"
[[media]]
column = "public.few.v"
"""


@pytest.mark.slow
def test_app_gate_counts_as_recorded_and_leaves_the_media_unasked(
    file: Path, shop18: Dsn, tmp_path: Path
) -> None:
    def users(_environ: object, start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"users": [{"id": one} for one in range(3000)]}).encode()]

    (tmp_path / "pictures").mkdir()
    with serving(users) as app:
        told = TOML.format(baseline=file, target=shop18.raw, app=app)
        (tmp_path / "gatepost.toml").write_text(told, encoding="utf-8")
        out = f"--gatepost-out={tmp_path / 'out'}"
        done = gate("--target=prod", "--gate=app", f"--project={tmp_path}", out)
    record = verdict_file.read(tmp_path / "out")

    assert (done.returncode, record.verdict) == (7, "INCOMPLETE"), done.stdout
    (unasked,) = record.not_asked
    assert (unasked.check, record.findings) == ("media", ())
    assert "baseline shop.json stands for it" in unasked.reason


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("delete from users where id = 77", "gone\n  id 1 to 94: 94 rows before, 93 after"),
        (
            "update users set total = 0 where id in (95, 189)",
            "2 changed\n  id 95 to 282: 188 rows on both sides, not the same\n",
        ),
        ("update users set total = 0 where id = 9", "same\n  columns that differ: total\n"),
        ("insert into users (id) values (9000)", "1 new\n  id from 3,009 on: 0 rows before, 1"),
        ("insert into users (id) values (-7)", "1 new\n  id below 1: 0 rows before, 1 after"),
        ("update users set id = 9001 where id = 3000", "id 2,915 to 3,008: 86 rows before, 85"),
        ("update users set id = 0 where id = 1", "there now, and perhaps at fault: id = (0)"),
    ],
)
def test_range_and_columns_at_fault_are_named(
    file: Path, shop18: Dsn, database18: Make, change: str, told: str
) -> None:
    after = database18(f"{WITHOUT_KEYS_ASKED} {change}", template=shop18.dbname)
    with opened(file, after) as found:
        compared = tables.compare(found, relation("public.users"))

        assert not compared.alike
        assert "at least" in compared.finding
        assert told in compared.finding


def test_relation_without_a_key_is_narrowed_to_a_number(
    file: Path, shop18: Dsn, database18: Make
) -> None:
    after = database18("update log set b = 'x' where a = 5", template=shop18.dbname)
    with opened(file, after) as found:
        finding = tables.compare(found, relation("public.log")).finding

    assert "500 rows on both sides, not the same; at least " in finding
    assert "of 4 parts by the hash of the whole row" in finding


def test_masked_key_is_neither_recorded_nor_shown(
    file: Path, shop18: Dsn, database18: Make
) -> None:
    after = database18("update people set born = null", template=shop18.dbname)
    with opened(file, after) as found:
        compared = tables.compare(found, relation("public.people"))

        assert "by the hash of email" in compared.finding
        assert "email = (#" in compared.finding
        assert "example.org" not in compared.finding
        assert [str(one) for one in compared.damage] == [
            "born: 299 values became NULL (NULL in 1 of 300 rows before, 300 of 300 after)"
        ]


def test_small_relation_is_told_by_its_digest_alone(
    file: Path, shop18: Dsn, database18: Make
) -> None:
    after = database18("update few set v = 'c' where id = 2", template=shop18.dbname)
    with opened(file, after) as found:
        finding = tables.compare(found, relation("public.few")).finding

    assert finding == (
        "public.few: 2 rows on both sides, not the same; at least 1 changed\n"
        "  columns that differ: v"
    )


def test_damage_is_told_by_the_recorded_census(file: Path, shop18: Dsn, database18: Make) -> None:
    after = database18(
        "update users set at = at + interval '3 hours', name = left(name, 5), total = null",
        template=shop18.dbname,
    )
    with opened(file, after) as found:
        told = {
            one.column: str(one) for one in tables.compare(found, relation("public.users")).damage
        }

    assert "on the average" in told["at"]
    assert "+3:00:00" in told["at"]
    assert "cut at 5 characters" in told["name"]
    assert "3,000 values became NULL" in told["total"]


def test_no_value_and_no_secret_is_in_the_files(file: Path, server16: Server) -> None:
    for one in (file, file.with_suffix(".bin")):
        data = one.read_bytes()
        assert PLANTED.encode() not in data
        assert b"example.org" not in data
        assert server16.password.encode() not in data
        assert b"1961" not in data

    known = baseline_file.read(file)
    census = next(r.census for r in known.relations if str(r.reading) == "public.people")
    assert census is not None
    assert (census["born"].first, census["born"].domain, census["email"].domain) == (None, (), ())


@pytest.mark.parametrize("place", [0.0, 0.001, 0.3, 0.6, 0.999])
@pytest.mark.parametrize("suffix", [".json", ".bin"])
def test_file_with_one_altered_byte_is_refused(copy: Path, suffix: str, place: float) -> None:
    damaged = copy.with_suffix(suffix)
    data = bytearray(damaged.read_bytes())
    data[int(place * len(data))] ^= 1
    damaged.write_bytes(data)

    with pytest.raises(UsageError, match=r"altered|this gatepost reads"):
        baseline_file.read(copy)


def test_file_of_which_only_a_space_was_taken_out_is_refused(copy: Path) -> None:
    copy.write_text(json.dumps(json.loads(copy.read_text()), indent=2) + " \n", encoding="utf-8")

    with pytest.raises(UsageError, match="altered"):
        baseline_file.read(copy)


@pytest.mark.parametrize("suffix", [".json", ".bin"])
def test_file_that_was_cut_is_refused(copy: Path, suffix: str) -> None:
    damaged = copy.with_suffix(suffix)
    damaged.write_bytes(damaged.read_bytes()[:-1])

    with pytest.raises(UsageError, match="cut after it was written"):
        baseline_file.read(copy)


def test_first_file_without_the_second_is_refused(copy: Path) -> None:
    copy.with_suffix(".bin").unlink()

    with pytest.raises(UsageError, match=r"shop\.bin, which belongs to it, cannot be read"):
        baseline_file.read(copy)


def test_file_of_another_version_is_refused_by_its_version(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes().replace(b'"version": 2', b'"version": 3', 1))

    with pytest.raises(UsageError, match="format 3, and this gatepost reads 2"):
        baseline_file.read(copy)


def test_what_is_no_baseline_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")

    with pytest.raises(UsageError, match="this is none"):
        baseline_file.read(tmp_path / "x.json")
    with pytest.raises(UsageError, match="cannot be read"):
        baseline_file.read(tmp_path / "y.json")


def test_baseline_of_the_project_lies_in_its_folder_and_that_of_an_option_in_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "gatepost.toml").write_text(
        '[source]\nurl = "baseline:b.json"\n[targets.prod]\nurl = "postgresql://x/y"\n'
    )
    monkeypatch.chdir(tmp_path)
    given = project_file.load(tmp_path / "project", "prod")
    option = project_file.load(tmp_path / "project", "prod", "baseline:b.json")

    assert given.baseline == tmp_path / "project" / "b.json"
    assert option.baseline == tmp_path / "b.json"
    assert main(["migrate", "--target=prod", "--project=project"]) == 64


def test_pre_gate_cannot_be_asked_of_a_baseline(file: Path, shop18: Dsn) -> None:
    given = chosen(f"baseline:{file}", shop18, file.parent)

    with pytest.raises(UsageError, match="the pre gate asks the source itself"):
        session.begin(given, handover.Request(gate="pre", out=file.parent))


def test_what_was_not_recorded_is_an_error_and_never_an_answer(file: Path, shop18: Dsn) -> None:
    with opened(file, shop18) as found:
        before = found.before

        assert before.value("select count(*) from users") == 3000
        with pytest.raises(NotRecorded, match="the answer to 'select 1' was not recorded"):
            before.value("select 1")
        with pytest.raises(NotRecorded, match=r"shop\.json stands for it"):
            _ = before.connection
        with pytest.raises(NotRecorded, match="stands for it"), before.lent():
            pass


def test_column_of_another_type_is_not_verified(file: Path, shop18: Dsn, database18: Make) -> None:
    after = database18(
        "alter table users alter at type timestamp using at at time zone 'UTC'",
        template=shop18.dbname,
    )
    with opened(file, after) as found:
        compared = tables.compare(found, relation("public.users"))

        assert not compared.alike
        assert "public.users.at: not verified: not recorded as" in compared.finding
        assert compared.was == compared.now


def test_table_without_one_column_is_compared_by_the_others(
    file: Path, shop18: Dsn, database18: Make
) -> None:
    after = database18("alter table users drop secret", template=shop18.dbname)
    with opened(file, after) as found:
        assert tables.compare(found, relation("public.users")).alike
    run(after, "update users set total = 1 where id = 5")
    with opened(file, after) as found:
        finding = tables.compare(found, relation("public.users")).finding

    assert "columns that differ: total" in finding


def test_what_a_query_yields_is_not_recorded(server16: Server, shop18: Dsn, tmp_path: Path) -> None:
    (tmp_path / "users.sql").write_text("select * from users")
    rule = settings.TableRule.model_validate({"from": "users.sql"})
    project = settings.Project(tables={"public.users": rule})
    source = created(server16, "baseline_query", SHOP)
    out = tmp_path / "b.json"
    known = baseline.record(chosen(source.raw, shop18, tmp_path, project), Request(out))
    drop(source)

    assert list(known.missing) == ["public.users"]
    with (
        opened(out, shop18, project) as found,
        pytest.raises(NotRecorded, match="compared with the live source only"),
    ):
        tables.compare(found, relation("public.users"))


@pytest.mark.parametrize("name", ["latin1", "utf8"])
def test_baseline_of_another_encoding_is_compared_with_any(
    server16: Server, server18: Server, tmp_path: Path, name: str
) -> None:
    options = "encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'"
    script = "create table t (id int primary key, s text); insert into t values (1, 'Größe')"
    source = created(server16, f"baseline_latin_{name}", script, options)
    after = created(server18, f"baseline_{name}", script, options if name == "latin1" else "")
    out = tmp_path / "b.json"
    known = baseline.record(chosen(source.raw, after, tmp_path), Request(out))
    drop(source)

    assert (known.server.encoding, known.utf8) == ("LATIN1", True)
    with opened(out, after, settings.Project()) as found:
        assert tables.compare(found, relation("public.t")).alike
    run(after, "update t set s = 'Grosse'")
    with opened(out, after, settings.Project()) as found:
        assert not tables.compare(found, relation("public.t")).alike
    drop(after)


def test_baseline_of_a_newer_server_is_verified_on_an_older(
    database16: Make, shop18: Dsn, tmp_path: Path
) -> None:
    after, out = database16(SHOP), tmp_path / "b.json"
    baseline.record(chosen(shop18.raw, after, tmp_path), Request(out))

    with opened(out, after) as found:
        for name in ("users", "orders", "people", "log", "few"):
            assert tables.compare(found, relation(f"public.{name}")).alike


def test_migration_in_place_is_verified_by_the_baseline_of_the_same_database(
    shop18: Dsn, database18: Make, tmp_path: Path
) -> None:
    dsn, out = database18(template=shop18.dbname), tmp_path / "b.json"
    baseline.record(chosen(dsn.raw, dsn, tmp_path), Request(out))
    run(dsn, "alter table users add age int")

    with opened(out, dsn) as found:
        assert tables.compare(found, relation("public.users")).alike
    run(dsn, "update users set total = total + 1 where id = 8")
    with opened(out, dsn) as found:
        assert not tables.compare(found, relation("public.users")).alike


def test_digests_under_sha256_are_recorded_on_request(
    shop18: Dsn, database18: Make, tmp_path: Path
) -> None:
    dsn, out = database18(template=shop18.dbname), tmp_path / "b.json"
    baseline.record(chosen(dsn.raw, shop18, tmp_path), Request(out, hash="sha256"))

    with opened(out, dsn) as found:
        assert found.handover.hash == "sha256"
        assert tables.compare(found, relation("public.users")).alike
        assert not objects.compare(
            "large objects", found.before.objects, found.after.objects, "sha256"
        ).findings


def test_server_that_hashes_in_another_way_is_refused(file: Path, shop18: Dsn) -> None:
    known = baseline_file.read(file)
    answers = {**known.facts["before answers hash64"], "int4 -1": 0}
    facts = {**known.facts, "before answers hash64": answers}
    with opened(file, shop18) as found:
        side = recorded.Recorded(file, replace(known, facts=facts), found.handover.facts)
        with pytest.raises(UsageError, match="hashes int4 in another way") as refused:
            side.agreed(found.after)

    assert refused.value.hint == "record it with --hash sha256, which all servers have in common"


def test_connections_change_nothing_that_is_recorded(shop18: Dsn, tmp_path: Path) -> None:
    told = []
    for connections in (1, 4):
        out = tmp_path / f"{connections}.json"
        request = Request(out, connections=connections)
        known = baseline.record(chosen(shop18.raw, shop18, tmp_path), request)
        sums = [baseline_file.sums(out, known, one.sums) for one in known.relations if one.sums]
        told.append((sums, [(r.reading, r.digest, r.census) for r in known.relations]))

    assert told[0] == told[1]


def test_dump_that_is_done_is_not_kept_waiting_for_what_only_explains(
    shop18: Dsn, database18: Make, tmp_path: Path
) -> None:
    """A yes and a no stay what they are; why it is a no is not asked."""
    done = tmp_path / "dumped"
    done.touch()
    long_ago = time.time() - 60
    os.utime(done, (long_ago, long_ago))
    given = chosen(shop18.raw, shop18, tmp_path)
    out = tmp_path / "brief.json"
    found = baseline.record(given, Request(out, until=done))

    assert all(one.census is None and one.sums is None for one in found.relations)
    assert "the census of 5 relations left out" in baseline.told(found, out)
    after = database18("", template=shop18.dbname)
    users = relation("public.users")
    with opened(out, after) as held:
        assert tables.compare(held, users).alike
    run(after, "update users set name = 'x' where id = 7; delete from orders where id = 9")
    with opened(out, after) as held:
        assert "name" in tables.compare(held, users).finding
        assert "1 gone" in tables.compare(held, relation("public.orders")).finding
        with pytest.raises(NotRecorded, match="census"):
            _ = tables.compare(held, users).damage


def test_census_without_distinct_values_is_compared_without_them() -> None:
    was = census.Census("c", rows=9, distinct=None, length=5)

    assert columns.damage(was, census.Census("c", rows=9, distinct=7, length=5)) == (
        "values changed, or changed places between rows; every count is the same",
    )


def test_verb_records_and_tells_it_to_a_program(
    shop18: Dsn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "now.json"
    sides = [f"--source={shop18.raw}", f"--target={shop18.raw}", f"--project={tmp_path}"]
    assert main(["baseline", *sides, f"--out={out}", "--json"]) == 0

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (told["file"], told["relations"], told["rows"]) == (str(out), 5, 4802)
    assert sorted(one.name for one in tmp_path.glob("now*")) == ["now.bin", "now.json"]
    assert main(["baseline", *sides, f"--out={tmp_path / 'now'}"]) == 64
