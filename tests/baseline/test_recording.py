"""Is what is recorded good for any target, and however it was recorded?"""

from __future__ import annotations

import contextlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import baseline, baseline_file, database, objects, recorded, settings
from gatepost.baseline import Request
from gatepost.errors import NotRecorded, UsageError
from gatepost.names import relation
from gatepost.parity import tables
from runner.__main__ import main
from tests.baseline.shop import SHOP, chosen, created, drop, opened
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

    Make = Callable[..., Dsn]


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


def test_census_that_outlasts_the_dump_is_ended(database18: Make, tmp_path: Path) -> None:
    columns = ", ".join(f"repeat('x', n % {30 + at}) as v{at}" for at in range(20))
    made = f"create table large as select n as id, {columns} from generate_series(1, 100000) n"
    dsn = database18(f"{made}; alter table large add primary key (id)")
    done = tmp_path / "dumped"

    def end_the_dump() -> None:
        asking = (
            "select exists (select from pg_stat_activity where datname = current_database()"
            " and state = 'active' and query like '%%octet_length%%' and pid <> pg_backend_pid())"
        )
        with contextlib.closing(database.maintenance(dsn)) as conn:
            until = time.monotonic() + 20
            while not database.value(conn, asking) and time.monotonic() < until:
                time.sleep(0.01)
        done.touch()
        os.utime(done, (1, 1))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(end_the_dump)
        given = chosen(dsn.raw, dsn, tmp_path)
        found = baseline.record(given, Request(tmp_path / "brief.json", until=done))

    (one,) = found.relations
    assert one.digest.rows == 100_000
    assert one.sums is not None  # asked for, and answered, while there was time
    assert one.census is None


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
