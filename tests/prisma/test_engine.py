"""Do Prisma's own engine and gatepost say the same of a database, whichever of them was there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.errors import NotMigrated
from gatepost.ledgers.entries import Told
from gatepost.migrations import prisma
from tests.prisma import Refused
from tests.prisma.chain import GAMES, INIT, MORE, SECOND, TEAMS, THIRD

if TYPE_CHECKING:
    from tests.prisma.chain import Pools

pytestmark = [pytest.mark.prisma_engine, pytest.mark.servers]

FAILS = "CREATE TABLE half (id int);\nCREATE INDEX ON pools (season);\n"


def test_ledger_that_the_engine_wrote_is_read_as_honest(pools: Pools) -> None:
    pools.write(init=TEAMS, games=GAMES)
    assert pools.pending() == pools.engine.pending() == [INIT, SECOND]

    assert pools.engine.deploy() == [INIT, SECOND]

    assert pools.told() == Told()
    assert pools.pending() == []
    assert pools.ours() == []


def test_our_deploy_leaves_what_the_engine_calls_up_to_date(pools: Pools) -> None:
    pools.write(init=TEAMS, games=GAMES)

    assert pools.ours() == [INIT, SECOND]

    found = pools.engine.diagnosed()
    assert found["history"] is None
    assert (found["failedMigrationNames"], found["editedMigrationNames"]) == ([], [])
    pools.write(more=MORE)
    assert pools.engine.deploy() == [THIRD]
    assert pools.told() == Told()


def test_script_that_the_engine_saw_fail_stops_us_both(pools: Pools) -> None:
    pools.write(init=TEAMS, games=FAILS)

    with pytest.raises(Refused, match="No such table: pools"):
        pools.engine.deploy()

    (finding,) = pools.says(pending=True)
    assert finding == (
        f"{SECOND} failed, and every deployment refuses until that is resolved (P3009)"
    )
    with pytest.raises(NotMigrated, match=r"games: it was begun at .* with an error \(P3009\)"):
        pools.ours()
    with pytest.raises(Refused) as refused:
        pools.engine.deploy()
    assert refused.value.code == "P3009"


def test_script_that_we_saw_fail_is_a_failed_one_to_the_engine(pools: Pools) -> None:
    pools.write(init=TEAMS, games=FAILS)

    with pytest.raises(NotMigrated):
        pools.ours()

    assert pools.engine.diagnosed()["failedMigrationNames"] == [SECOND]


@pytest.mark.long
def test_table_that_we_make_is_the_one_that_the_engine_makes(pools: Pools) -> None:
    columns = (
        "select string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull,"
        " pg_get_expr(adbin, adrelid)), ', ' order by attnum) from pg_attribute"
        " left join pg_attrdef on adrelid = attrelid and adnum = attnum"
        " where attrelid = '_prisma_migrations'::regclass and attnum > 0"
    )
    indexes = (
        "select string_agg(indexdef, ';') from pg_indexes where tablename = '_prisma_migrations'"
    )
    pools.write(init="select 1;")
    pools.engine.deploy()
    engines = pools.value(columns), pools.value(indexes)
    pools.run("drop table _prisma_migrations")

    pools.ours()

    assert (pools.value(columns), pools.value(indexes)) == engines


SCRIPTS = {
    "statements": TEAMS,
    "nothing": "",
    "comments": "-- nothing\n",
    "fails": FAILS,
    "ends its transaction": "BEGIN;\nCREATE TABLE p1 (id int);\nCOMMIT;\nCREATE TABLE p2 (x no);",
    "one concurrent index": "CREATE INDEX CONCURRENTLY i ON t (id);",
    "two concurrent indexes": "CREATE INDEX CONCURRENTLY i ON t (id);\n"
    "CREATE INDEX CONCURRENTLY j ON t (id);",
    "value used where it is added": "CREATE TYPE e AS ENUM ('a');\nALTER TYPE e ADD VALUE 'b';\n"
    "CREATE TABLE u (x e DEFAULT 'b');",
    "value of an older type": "ALTER TYPE old ADD VALUE 'b';\nCREATE TABLE u (x old DEFAULT 'b');",
    "search_path leaks": "CREATE SCHEMA other;\nSET search_path = other;\nCREATE TABLE u (id int);",
    "settings leak": "SET lock_timeout = '1s';\nCREATE TABLE u (id int);",
    "byte order mark": "\ufeffCREATE TABLE u (id int);",
    "Windows": "CREATE TABLE u (id int);\r\nCREATE TABLE v (id int);\r\n",
}


@pytest.mark.long
@pytest.mark.parametrize("script", SCRIPTS)
def test_script_leaves_the_same_whoever_deploys_it(pools: Pools, script: str) -> None:
    begun = "CREATE TABLE t (id int); CREATE TYPE old AS ENUM ('a');"
    pools.write(init=begun, games=SCRIPTS[script], more=MORE)

    left = []
    for deploy, refusal in ((pools.engine.deploy, Refused), (pools.ours, NotMigrated)):
        try:
            applied: object = deploy()
        except refusal:
            applied = "refused"
        left.append((applied, _rows(pools), pools.value(_RELATIONS), pools.says(pending=True)))
        pools.run(
            "drop schema public cascade; create schema public; drop schema if exists other cascade"
        )

    assert left[0] == left[1]


_RELATIONS = (
    "select string_agg(oid::regclass::text, ' ' order by relname) from pg_class"
    " where relkind in ('r', 'i') and relnamespace in"
    " (select oid from pg_namespace where nspname in ('public', 'other'))"
)


def _rows(pools: Pools) -> list[tuple[object, ...]]:
    return [
        (one.name, one.checksum, bool(one.finished_at), one.logs is None, one.steps)
        for one in pools.rows()
    ]


@pytest.mark.long
def test_database_without_a_ledger_is_refused_by_both_unless_it_is_empty(pools: Pools) -> None:
    pools.write(init=MORE)
    pools.run("create table somebodys (id int)")

    with pytest.raises(Refused) as refused:
        pools.engine.deploy()
    assert refused.value.code == "P3005"
    with pytest.raises(NotMigrated, match="P3005"):
        pools.ours()


@pytest.mark.long
def test_folder_without_a_script_is_refused_by_both(pools: Pools) -> None:
    pools.write(init=MORE)
    (pools.folder / SECOND).mkdir()

    with pytest.raises(Refused) as refused:
        pools.engine.deploy()
    assert refused.value.code == "P3015"
    with pytest.raises(Exception, match="P3015"):
        pools.ours()
    assert any("P3015" in one for one in pools.says(pending=True))


@pytest.mark.long
def test_lock_that_one_holds_keeps_the_other_out(
    pools: Pools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prisma, "PATIENCE", 0.2)
    pools.write(init="SELECT pg_sleep(3);")
    with pools.engine.deploying() as child:
        pools.until("select count(*) = 1 from pg_locks where objid = 72707369 and granted")
        with pytest.raises(NotMigrated, match="P1002"):
            pools.ours()
        child.kill()
