"""Does the runner move a database, and does it do what the gates say?"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

from runner.__main__ import main
from runner.record import journal
from runner.servers import labels
from tests.runner.conftest import FILLED, HOOKS, execute

if TYPE_CHECKING:
    from gatepost.dsn import Dsn
    from tests.runner.conftest import Shop


pytestmark = pytest.mark.slow


def test_dry_run_tells_every_step_and_touches_nothing(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    before, files = shop.databases(), sorted(shop.folder.rglob("*"))

    assert shop.migrate() == 0

    said = capsys.readouterr()
    assert f"create {shop.target.dbname}_next from template0, UTF8 C" in said.out
    assert f"{shop.target.dbname}_old_<run>" in said.out
    assert "pg_dump 16." in said.out
    assert said.err == ""
    assert shop.is_as_before(before)
    assert sorted(shop.folder.rglob("*")) == files
    assert shop.calls == []


def test_dry_run_tells_the_same_to_a_program(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shop.migrate("--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert [step["step"] for step in told["steps"]][:3] == [
        *("pre gate", "swap drill", "restore drill")
    ]
    assert (told["before"]["version"][:2], told["after"]["version"][:2]) == ("16", "18")


def test_folder_of_runs_that_cannot_be_made_is_named(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.declare(f'{HOOKS}work = "gatepost.toml"')

    assert shop.migrate("--execute") == 64

    assert capsys.readouterr().err.endswith("gatepost.toml: File exists\n")


@pytest.mark.long
def test_hook_that_leaves_a_session_behind_is_no_hook_that_is_done(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """It could write once the gate has looked."""
    (shop.folder / "late.py").write_text(
        "import time, psycopg\nwith psycopg.connect(''):\n    time.sleep(60)\n"
    )
    late = f"{sys.executable} late.py > late.txt 2>&1 & sleep 2"
    shop.declare(f"{HOOKS}filled = {json.dumps(late)}")
    before = shop.databases()

    assert shop.migrate("--execute") == 30

    assert "the filled hook has ended, and left in" in capsys.readouterr().out
    assert shop.is_as_before(before)


def test_migration_ends_in_go_with_the_old_database_kept(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    name = shop.target.dbname
    maintenance = shop.target.of("postgres")
    for side in (shop.source, shop.target):
        search_path = f"alter database {side.dbname} set search_path = '$user', public, \"a b\""
        execute(side.of("postgres"), search_path)
        execute(side.of("postgres"), f"revoke temporary on database {side.dbname} from public")
    execute(maintenance, f"alter database {name} set work_mem = '5MB'")
    execute(maintenance, f"comment on database {name} is 'the shop'")
    before = shop.databases()

    assert shop.migrate("--execute") == 0

    outcome = shop.outcome
    label = outcome["label"]
    now = shop.databases()
    assert set(now) == {name, f"{name}_old_{label}"}
    assert now[f"{name}_old_{label}"][:2] == (before[name][0], False)
    assert labels.read(now[name][2]) == labels.Mark(label, "live", rest="the shop")
    kept = labels.read(now[f"{name}_old_{label}"][2])
    assert kept is not None
    assert (kept.role, kept.rest) == ("previous", "the shop")
    assert len(shop.users()) == 50
    assert shop.calls == ["stop old", "start new"]
    assert belongings(shop.target) == (
        ['search_path="$user", public, "a b"', "work_mem=5MB"],
        False,
    )
    assert (outcome["word"], outcome["exit_status"], outcome["rollback"]) == ("GO", 0, None)
    assert [(gate["gate"], gate["word"]) for gate in outcome["gates"]] == [
        ("pre", "GO"),
        ("data", "GO"),
    ]
    assert set(shop.states().values()) == {"done"}
    assert 0 < outcome["downtime_s"] < outcome["duration_s"]
    said = capsys.readouterr().out
    assert "GO: every gate said yes" in said
    assert "next      look at the report" in said


def belongings(target: Dsn) -> tuple[list[str], bool]:
    """Return a database's own settings, and whether everybody may make temporary tables."""
    with psycopg.connect(target.raw) as conn:
        found = conn.execute(
            "select setconfig from pg_db_role_setting s join pg_database d on d.oid = setdatabase"
            " where datname = current_database()"
        ).fetchone()
        # Of PUBLIC, whose entry in the list has no name before the sign.
        acl = conn.execute(
            "select datacl::text[] from pg_database where datname = current_database()"
        ).fetchone()
    assert found
    assert acl
    public = [entry for entry in acl[0] if entry.startswith("=")]
    return sorted(found[0]), "T" in public[0].split("/")[0]


def test_journal_says_what_was_going_to_be_done_before_it_was(shop: Shop) -> None:
    assert shop.migrate("--execute") == 0

    (run,) = shop.runs
    lines = [json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines()]
    begin, *acts, verdict = [(line["event"], line["step"]) for line in lines]
    steps = [step["name"] for step in shop.outcome["steps"]]
    assert acts == [(event, step) for step in steps for event in ("intent", "done")]
    assert begin == ("begin", run.name)
    assert verdict == ("verdict", "GO")


@pytest.mark.long
def test_json_is_all_there_is_on_stdout(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.migrate("--execute", "--json") == 0

    said = capsys.readouterr()
    assert json.loads(said.out)["word"] == "GO"
    assert "data gate" in said.err


def test_no_file_of_a_run_holds_a_password(shop: Shop) -> None:
    arguments = ["migrate", f"--project={shop.folder}", "--execute", "--no-report"]
    (shop.folder / "gatepost.toml").unlink()
    assert main([*arguments, f"--target={shop.target.raw}", f"--source={shop.source.raw}"]) == 0

    secrets = [str(dsn.parameters["password"]).encode() for dsn in (shop.source, shop.target)]
    files = [file for file in shop.runs[0].rglob("*") if file.is_file()]
    assert len(files) > 10
    assert [file for file in files if any(one in file.read_bytes() for one in secrets)] == []


def test_no_of_the_pre_gate_changes_nothing(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    execute(shop.source, "alter table public.posts drop constraint posts_author_fkey")
    before = shop.databases()

    assert shop.migrate("--execute") == 10

    assert shop.is_as_before(before)
    assert shop.calls == []
    assert shop.states()["pre gate"] == "failed"
    assert shop.states()["stop"] == "not reached"
    assert (shop.outcome["word"], shop.outcome["rollback"]) == ("NO-GO", None)
    assert "posts_author_fkey" in capsys.readouterr().out


def test_no_of_the_data_gate_leaves_the_old_system_live(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    damage = FILLED.format("update public.posts set body = '' where body is null")
    shop.declare(f"{HOOKS}filled = {json.dumps([sys.executable, '-c', damage])}")
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]
    assert shop.states()["data gate"] == "failed"
    assert shop.states()["create"] == "undone"
    assert (shop.outcome["word"], shop.outcome["rollback"]) == ("NO-GO", "verified")
    assert shop.outcome["downtime_s"] > 0
    said = capsys.readouterr().out
    assert "rows public.posts" in said
    assert "next      mend what is named above" in said


HEALTH = '[[health]]\npath = "/health.json"\nexpect = {status = "ok"}'


def test_yes_of_the_app_gate_ends_in_go(shop: Shop, application: str) -> None:
    (shop.folder / "health.json").write_text('{"status": "ok"}')
    shop.declare(target=f'app = "{application}"', more=HEALTH)

    assert shop.migrate("--execute") == 0

    assert [gate["gate"] for gate in shop.outcome["gates"]] == ["pre", "data", "app"]


@pytest.mark.long
def test_no_of_the_app_gate_swaps_back(shop: Shop, application: str) -> None:
    (shop.folder / "health.json").write_text('{"status": "ok"}')
    execute(shop.target.of("postgres"), f"comment on database {shop.target.dbname} is 'the shop'")
    shop.declare(target=f'app = "{application}"', more=f'{HEALTH}\n[[pages]]\npath = "/nowhere"')
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start new", "stop new", "start old"]
    assert shop.states()["swap"] == "undone"
    assert shop.outcome["rollback"] == "verified"
    assert [gate["word"] for gate in shop.outcome["gates"]] == ["GO", "GO", "NO-GO"]


@pytest.mark.long
def test_application_that_is_as_unwell_as_before_is_not_waited_for(
    shop: Shop, application: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the cut it is, for as long as a start may take; on the way back nobody expects more."""
    (shop.folder / "health.json").write_text('{"status": "broken"}')
    hooks = HOOKS.replace('hook_timeout = "20 s"', 'hook_timeout = "2 s"')
    shop.declare(hooks, f'app = "{application}"', HEALTH)
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    assert shop.is_as_before(before)
    assert "the application answers as little as before the run" in capsys.readouterr().out
    moments = {
        (line.event, line.step): float(line.more["monotonic"])
        for line in journal.read(shop.runs[0])
    }
    assert moments["undone", "prober"] - moments["undo", "prober"] < 5


def test_target_that_is_not_there_yet_is_made(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{shop.target.dbname}_fresh"
    monkeypatch.setenv("SHOP_TARGET", shop.target.of(name).raw)
    execute(shop.source.of("postgres"), f"alter database {shop.source.dbname} set work_mem='6MB'")

    status = shop.migrate("--execute")

    assert status == 0, shop.outcome
    assert labels.read(shop.databases()[name][2]) == labels.Mark(shop.outcome["label"], "live")
    assert "old facts" not in shop.states()
    with psycopg.connect(shop.target.of(name).raw) as conn:
        assert conn.execute("show work_mem").fetchone() == ("6MB",)
