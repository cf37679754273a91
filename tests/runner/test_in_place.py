"""Is a live database changed only after a GO of the same change on a clone, and given back?"""

from __future__ import annotations

import contextlib
import functools
import json
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from runner.__main__ import main
from tests.runner.conftest import execute
from tests.runner.in_place import ACCEPTED, CONNECT, HOLDS_ONCE, INDEX, NAMES, contents, declare

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow


def test_plan_shows_every_step_with_its_names(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(live, INDEX)

    assert live.migrate("--json") == 0

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    names = [step["step"] for step in told["steps"]]
    assert names == [
        *("pre gate", "swap drill", "clone", "trial", "trial gate", "drop clone", "prober"),
        *("stop", "fence", "old facts", "keep copy", "change", "change gate", "start", "measure"),
        *("app gate", "close copy", "go"),
    ]
    does = {step["step"]: step["does"] for step in told["steps"]}
    live_name = live.target.dbname
    assert f"change.py` against {live_name}_next" in does["trial"]
    assert f"to {live_name}_old_<run>" in does["keep copy"]
    assert f"change.py` against {live_name}, up to 4 times" in does["change"]


@pytest.mark.long
def test_change_that_loses_nothing_ends_in_go_beside_a_copy(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody is at work until the fence, and the first attempt waits in vain for a lock."""
    script = f"{CONNECT}{HOLDS_ONCE}{INDEX.removeprefix(CONNECT)}"
    more = f"{ACCEPTED}\n[fence]\nterminate = true"
    declare(live, script, more, 'lock_timeout = "300 ms"')
    name = live.target.dbname
    execute(live.target.of("postgres"), f"alter database {name} set work_mem = '5MB'")
    before = live.databases()
    with contextlib.closing(psycopg.connect(live.target.raw)):
        status = live.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 0, said
    assert "by pg_dump under snapshot" in said
    assert "at the 2. attempt, after waiting for locks" in said
    assert "invalid indexes of the others dropped: 1" in said
    label = live.outcome["label"]
    now = live.databases()
    assert set(now) == {name, f"{name}_old_{label}"}
    assert now[name][0] == before[name][0]
    assert now[f"{name}_old_{label}"][1] is False
    assert "role=live" in now[name][2]
    assert contents(live) == (NAMES, 2)
    assert live.calls == ["stop old", "start new"]
    assert [(gate["gate"], gate["folder"]) for gate in live.outcome["gates"]][:3] == [
        ("pre", "pre"),
        ("data", "trial"),
        ("data", "data"),
    ]


@pytest.mark.long
def test_change_of_data_is_held_against_the_query_that_says_what_it_should_be(live: Shop) -> None:
    (live.folder / "users.sql").write_text("select id, upper(name) as name, feels from users")
    declared = '[tables."public.users"]\nfrom = "users.sql"'
    declare(live, f"{CONNECT}conn.execute('update users set name = upper(name)')", declared)

    assert live.migrate("--execute") == 0, live.states()

    assert live.users() == [name.upper() for name in NAMES]


def test_change_that_loses_rows_is_a_no_on_the_clone(live: Shop) -> None:
    """The application never noticed."""
    declare(live, f"{CONNECT}conn.execute(\"delete from users where name = 'user 9'\")")
    before = live.databases()

    assert live.migrate("--execute") == 10

    assert live.databases() == before
    assert len(live.users()) == 50
    assert live.calls == []
    assert live.states()["trial gate"] == "failed"


def test_change_that_loses_rows_of_the_original_alone_is_taken_back(live: Shop) -> None:
    """As one that meets data which came after the clone."""
    only_live = "if not os.environ['PGDATABASE'].endswith('_next'):\n    "
    delete = "conn.execute(\"delete from users where name = 'user 9'\")"
    declare(live, f"{CONNECT}{only_live}{delete}")
    name = live.target.dbname
    execute(live.target.of("postgres"), f"alter database {name} set work_mem = '5MB'")
    execute(live.target.of("postgres"), f"comment on database {name} is 'the shop'")
    users = live.users()

    assert live.migrate("--execute") == 20, live.states()

    assert {one: told[1:] for one, told in live.databases().items()} == {name: (True, "the shop")}
    assert live.users() == users
    assert live.calls == ["stop old", "start old"]
    assert live.outcome["rollback"] == "verified"
    with psycopg.connect(live.target.raw) as conn:
        assert conn.execute("show work_mem").fetchone() == ("5MB",)


@pytest.mark.long
def test_command_that_always_waits_for_a_lock_is_given_up_and_taken_back(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    holds = """
if not os.environ["PGDATABASE"].endswith("_next"):
    other = psycopg.connect("", autocommit=False)
    other.execute("lock users")
"""
    migrate = 'lock_timeout = "300 ms"\nretries = 1'
    declare(live, f"{CONNECT}{holds}{INDEX.removeprefix(CONNECT)}", ACCEPTED, migrate)
    users = live.users()

    assert live.migrate("--execute") == 20

    assert "waited in vain for a lock 2 times" in capsys.readouterr().out
    assert live.users() == users
    assert set(live.databases()) == {live.target.dbname}


@pytest.mark.long
def test_rehearsal_changes_a_copy_elsewhere(live: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    declare(live, INDEX, ACCEPTED)
    before = live.databases()

    status = main(["rehearse", "--target=prod", f"--project={live.folder}", "--no-report"])

    assert status == 0, capsys.readouterr().out
    assert live.databases() == before
    assert contents(live)[1] == 1
    assert live.calls == []


@pytest.mark.long
def test_write_after_the_copy_stops_the_run_before_the_change(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """The way back would lose it; as it is, nothing is lost, and a human has to know of it."""
    late = CONNECT + "conn.execute(\"insert into users (name) values ('late')\")"
    (live.folder / "late.py").write_text(late, encoding="utf-8")
    environ = " ".join(f"{k}='{v}'" for k, v in live.target.environment().items())
    hook = f"{environ} {sys.executable} late.py"
    declare(live, INDEX, ACCEPTED, f'hooks = {{ "after keep copy" = "{hook}" }}')

    assert live.migrate("--execute") == 21

    assert "was written after it was copied: 2 writes" in capsys.readouterr().out
    assert set(live.databases()) == {live.target.dbname}
    assert contents(live) == ([*NAMES, "late"], 1)


def test_in_place_is_refused_where_nobody_keeps_writers_out(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    live.declare('fill = "command"\ncommand = "true"', 'strategy = "in-place"')

    assert live.migrate() == 64

    assert "nothing is declared that keeps writers out" in capsys.readouterr().err


def test_two_databases_are_refused_in_place(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    declare(shop, INDEX)

    assert shop.migrate() == 64

    assert "are two databases" in capsys.readouterr().err


@pytest.mark.long
def test_change_behind_a_fence_can_be_taken_back_after_its_go(live: Shop) -> None:
    """The copy was made while nobody was let in: who goes back to it is, once it is live."""
    execute(live.target, "create role app login password 'app'")
    fence = '[fence]\nroles = ["app"]\nconnect = ["app", "public"]\nterminate = true'
    declare(live, INDEX, f"{ACCEPTED}\n{fence}")
    given = live.target.parameters
    enters = functools.partial(
        psycopg.connect, live.target.raw, user="app", password="app", dbname=given["dbname"]
    )
    assert live.migrate("--execute") == 0
    enters().close()

    status = main(["rollback", "--target=prod", "--execute", f"--project={live.folder}"])

    assert status == 20
    assert contents(live) == (NAMES, 1)
    enters().close()
    assert live.calls == ["stop old", "start new", "stop new", "start old"]
