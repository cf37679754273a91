"""Does a whole run end with the old system live, whatever its pg_dump and pg_restore leave out?

A few cases always; all of them are `long`.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from gatepost import database, embedded
from runner.steps.restore import Restore
from tests.conftest import roles_dropped, run
from tests.runner import clients
from tests.runner.conftest import FILLED, HOOKS, Shop, execute
from tests.runner.restore_cases import KEPT, LOST, READER, SOURCE, Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from runner.migration import Migration

pytestmark = [pytest.mark.slow, pytest.mark.servers]

NAME = "wrong_clients"
# These go through a whole run always; the others only with `-m long`.
ALWAYS = ("12", "25")
# Where a run meets a case before its data gate does: its exit status, and the step that says no.
EARLIER = {"22": (10, "pre gate")}
# Settings of a database are in no dump, by which the target's old database may have come.
NOT_COPIED = ("22",)
# The runner makes the target's database itself, as the source's is, and analyzes it.
PREVENTED = ("38", "40", "41")


def _number(case: Case) -> str:
    return case.name.partition(" ")[0]


def _planted(cases: tuple[Case, ...]) -> list[Any]:
    return [
        pytest.param(case, id=case.name, marks=() if _number(case) in ALWAYS else pytest.mark.long)
        for case in cases
        if _number(case) not in PREVENTED
    ]


@pytest.fixture(scope="module")
def pair(server16: Server, server18: Server) -> Iterator[tuple[Dsn, Dsn]]:
    """A database on PostgreSQL 16, and an older copy of it on 18: templates for each case."""
    with contextlib.ExitStack() as held:
        for server in (server16, server18):
            held.enter_context(roles_dropped(server))
            run(server.dsn(), READER)
            held.callback(execute, server.dsn(), f"drop database if exists {NAME} with (force)")
            run(server.dsn(), f"create database {NAME} template template0")
            run(server.dsn(NAME), SOURCE)
        run(server18.dsn(NAME), "update users set name = 'of the old database' where id = 1")
        yield server16.dsn(NAME), server18.dsn(NAME)


@pytest.fixture
def moved(
    pair: tuple[Dsn, Dsn],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
) -> Iterator[Shop]:
    """A shop that has everything which can be lost."""
    source, target = (side.dbname for side in pair)
    made = Shop(tmp_path, database16(template=source), database18(template=target))
    monkeypatch.setenv("SHOP_SOURCE", made.source.raw)
    monkeypatch.setenv("SHOP_TARGET", made.target.raw)
    yield made
    others = {*made.databases(), made.source.dbname} - {made.target.dbname}
    with contextlib.closing(database.maintenance(made.target.of("postgres"))) as conn:
        for name in others:
            drop = sql.SQL("drop database if exists {} with (force)")
            conn.execute(drop.format(sql.Identifier(name)))


@pytest.mark.parametrize("case", _planted(LOST))
def test_run_that_loses_something_leaves_the_old_system_live(
    moved: Shop, case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(moved, case)
    before = moved.databases()
    status, step = EARLIER.get(_number(case), (20, "data gate"))

    assert moved.migrate("--execute") == status, capsys.readouterr().out

    assert moved.states()[step] == "failed"
    assert is_live(moved, before)
    (ran,) = moved.runs
    gate = step.removesuffix(" gate")
    said = json.loads((ran / gate / "verdict.json").read_text())
    assert set(case.finds) <= {f"{one['check']} {one['subject']}" for one in said["findings"]}


@pytest.mark.parametrize("case", _planted(KEPT))
@pytest.mark.long
def test_run_that_loses_nothing_is_a_go(moved: Shop, case: Case) -> None:
    plant(moved, case)

    assert moved.migrate("--execute") == 0


FAILING = {
    "13 the archive is cut short": (
        {"dump": '"$REAL" "$@"; head -c 9000 "$file" > "$file.cut"; mv "$file.cut" "$file"'},
        "restore",
        "pg_restore: ",
    ),
    "30 the restore is killed": (
        {"restore": '"$REAL" "$@" --section=pre-data --section=data; kill -9 $$'},
        "restore",
        "ended by SIGKILL",
    ),
    "k the restore complains and says that all went well": (
        {"restore": 'echo "pg_restore: warning: errors ignored on restore: 1" >&2'},
        "restore",
        "exit status 0, and yet it complained",
    ),
    "l the dump is killed": (
        {"dump": 'echo half > "$file"; kill -9 $$'},
        "dump",
        "ended by SIGKILL",
    ),
    "m the dump writes nothing": ({"dump": ":"}, "dump", "left no archive"),
    "38 a program is upgraded meanwhile": (
        {"dump": f'"$REAL" "$@"; sed -i s,{embedded.majors()[18]},{embedded.majors()[16]}, "$0"'},
        "restore",
        "pg_dump was 18",
    ),
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name.startswith("30") else pytest.mark.long)
        for name in FAILING
    ],
)
def test_client_that_fails_stops_the_run(moved: Shop, name: str) -> None:
    does, step, said = FAILING[name]
    declare(moved, clients.wrong(moved.folder / "bin", **does))
    before = moved.databases()

    assert moved.migrate("--execute") == 30

    assert moved.states()[step] == "failed"
    assert said in detail(moved, step)
    assert is_live(moved, before)
    assert not list(moved.runs[0].glob("*.part"))


@pytest.mark.long
def test_archive_that_changes_after_it_was_hashed_is_not_restored(
    moved: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a folder, one file is changed by a byte: on the disk, between dump and restore."""
    restore = Restore.do

    def damage_first(step: Restore, run: Migration) -> str:
        file = max(run.archive.iterdir(), key=lambda file: file.stat().st_size)
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
        return restore(step, run)

    monkeypatch.setattr(Restore, "do", damage_first)
    moved.declare(f'{HOOKS}format = "directory"')
    before = moved.databases()

    assert moved.migrate("--execute") == 30

    assert "is not what was written: its sha256 differs" in detail(moved, "restore")
    assert is_live(moved, before)


@pytest.mark.long
def test_programs_that_cannot_do_it_give_way_to_others(
    moved: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first to be found is of the source's very version, and writes what no server takes."""
    first = clients.wrong(moved.folder / "first")
    for name in ("pg_dump", "pg_restore"):
        real = embedded.majors()[16] / name
        refuses = "case $1 in --version) ;; *) echo refused >&2; exit 1;; esac"
        (first / name).write_text(f'#!/bin/sh\n{refuses}\nexec {real} "$@"\n', encoding="utf-8")
    monkeypatch.setenv("PATH", f"{first}{os.pathsep}{os.environ['PATH']}")
    moved.declare()

    assert moved.migrate("--execute") == 0, moved.outcome["steps"]

    assert "not those that came first: pg_dump of the declarations" in detail(
        moved, "restore drill"
    )


LATE_WRITER = """
PGPASSWORD= "$BIN/psql" -X -q -v ON_ERROR_STOP=1 -c "set lock_timeout = '1s'" -c '{statement}' \
  >> "$file.late" 2>&1
grep -q 'lock timeout' "$file.late" || exit 1
rm "$file.late"
"$REAL" "$@"
"""


@pytest.mark.parametrize(
    "statement",
    [
        "truncate public.logs",
        pytest.param(
            "alter table public.logs alter n type bigint",
            marks=pytest.mark.long,
        ),
    ],
    ids=["1 a table is emptied after the snapshot", "2 a table is rewritten after the snapshot"],
)
def test_who_changes_a_table_after_the_snapshot_is_kept_out(moved: Shop, statement: str) -> None:
    """What a snapshot does not show would be lost on both sides alike: only a lock helps."""
    late = LATE_WRITER.format(statement=statement).replace("PGPASSWORD= ", "")
    declare(moved, clients.wrong(moved.folder / "bin", dump=late))

    assert moved.migrate("--execute") == 0, moved.outcome["steps"]

    with psycopg.connect(moved.target.raw) as conn:
        assert conn.execute("select count(*) from logs").fetchone() == (2000,)


LAST_INDEX = """
create function kind(text) returns text language plpgsql immutable as
  $$ begin return $1; end $$;
create index zz_last on logs (kind(line));
create or replace function kind(text) returns text language plpgsql immutable as
  $$ begin if $1 = 'line 2000 of the log' then raise 'no kind'; end if; return $1; end $$;
"""


@pytest.mark.long
def test_restore_that_fails_at_the_last_index_stops_the_run(moved: Shop) -> None:
    """All rows are there, and all indexes but one, whose function refuses a row."""
    for side in (moved.source, moved.target):
        run(side, LAST_INDEX)
    moved.declare()
    before = moved.databases()

    status = moved.migrate("--execute")

    assert (status, moved.states()["restore"]) == (30, "failed"), moved.outcome["steps"]
    assert "no kind" in detail(moved, "restore")
    assert is_live(moved, before)


def plant(shop: Shop, case: Case) -> None:
    """Make a project of a case."""
    # The old database is a copy of the source, but for what no dump can bring it.
    for side in (shop.source,) if _number(case) in NOT_COPIED else (shop.source, shop.target):
        run(side, case.source or "select")
    does = clients.wrong(shop.folder / "bin", dump=case.dump, restore=case.restore)
    after = f"set search_path = public; {case.after}"
    hook = [sys.executable, "-c", FILLED.format(after)] if case.after else []
    declare(shop, does, f"filled = {json.dumps(hook)}" if hook else "")


def declare(shop: Shop, pg_bin: Path, more: str = "") -> None:
    """Write the project's file."""
    shop.declare(f"{HOOKS}pg_bin = {json.dumps(str(pg_bin))}\n{more}")


def detail(shop: Shop, step: str) -> str:
    """Return what the run says of one of its steps."""
    (said,) = (one["detail"] for one in shop.outcome["steps"] if one["name"] == step)
    return str(said)


def is_live(shop: Shop, before: dict[str, tuple[int, bool, str]]) -> bool:
    """Whether the old database is there, whole and open, no other beside it, and in use."""
    with psycopg.connect(shop.target.raw) as conn:
        found = conn.execute("select name from users where id = 1").fetchone()
    started = not shop.calls or shop.calls[-1] == "start old"
    return shop.databases() == before and found == ("of the old database",) and started
