"""Do files become a database, all of them or none, and are they themselves left as they are?"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import run_file
from reports import summary
from runner.servers import labels
from tests.runner.conftest import FILLED, HOOKS
from tests.runner.crashes import leftovers, say
from tests.runner.studio import QUERIES, users

if TYPE_CHECKING:
    from tests.runner.studio import Studio

pytestmark = pytest.mark.slow

LATE = """
import json, pathlib
file = pathlib.Path("data/users.json")
users = json.loads(file.read_text())
users["users"].append({"id": "late", "email": "late@example.org", "name": "Late",
  "password": None, "createdAt": "2025-02-01T12:00:00.000Z"})
file.write_text(json.dumps(users))
"""


RULE = """
create function public.refuse() returns trigger language plpgsql as $$
begin
  if new.number = 3 then raise exception 'secret %', new.name; end if;
  return new;
end $$;
create trigger refuse before insert on public.projects
  for each row execute function public.refuse();
"""


def staged_files(studio: Studio) -> list[dict[str, object]]:
    """What the one run says that it has read."""
    found: list[dict[str, object]] = studio.outcome["source"]
    return found


def test_files_become_a_database_and_stay_as_they_are(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    files = studio.files()

    status = studio.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 0, said
    assert studio.files() == files
    assert {name: studio.rows(name) for name in QUERIES} == {
        "users": 3,
        "legacy_ids": 3,
        "projects": 4,
        "project_members": 6,
    }
    assert "7 records of 2 collections" in said
    assert "2 collections as staged, by sha256" in said
    assert "16 rows into 4 tables" in said
    assert "1 sequence moved past it" in said
    assert "2 collections of the source unchanged, by sha256" in said
    assert [(one["collection"], one["records"]) for one in staged_files(studio)] == [
        ("projects", 4),
        ("users", 3),
    ]
    assert {one["bytes"] for one in staged_files(studio)} == {len(one) for one in files.values()}
    run = run_file.read(studio.runs[0])
    assert run
    told = summary.write_run(run, {}, studio.folder).read_text()
    assert re.search(
        rf"(?m)^\| users \| .*users.json \| 3 \|.* \| {run.source[1].sha256} \|$", told
    )
    assert leftovers(studio) == []
    assert not list(studio.folder.rglob("staging.*"))
    assert say(studio, "status") == 0
    assert "7 records of 2 collections of data/" in capsys.readouterr().out


def test_dry_run_reads_no_file(studio: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    (studio.data / "users.json").write_text('{"users": [{"id"')
    files = sorted(studio.folder.rglob("*"))

    assert studio.migrate() == 0

    said = capsys.readouterr().out
    assert "copy 2 collections of data/ (projects.json " in said
    assert "users.json 16 bytes)" in said
    assert "copy what the queries yield into 4 tables" in said
    assert sorted(studio.folder.rglob("*")) == files
    assert studio.calls == []


def test_truncated_file_is_a_no_before_anything_is_stopped(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    file = studio.data / "users.json"
    file.write_bytes(file.read_bytes()[:-20])
    before = studio.databases()

    assert studio.migrate("--execute") == 10

    assert studio.is_as_before(before)
    assert studio.calls == []
    assert studio.states()["stage"] == "failed"
    assert "data/users.json" in capsys.readouterr().out


@pytest.mark.long
def test_row_that_the_target_refuses_leaves_nothing_loaded(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the middle, and by a rule that nobody can ask in advance: no row before it is loaded."""
    (studio.folder / "migrations" / "003_rule.sql").write_text(RULE)
    before = studio.databases()

    assert studio.migrate("--execute") == 20

    said = capsys.readouterr().out
    assert studio.is_as_before(before)
    assert studio.calls == ["stop old", "start old"]
    assert studio.states()["load"] == "failed"
    assert (studio.outcome["word"], studio.outcome["rollback"]) == ("NO-GO", "verified")
    assert "nothing was loaded: public.projects: PL/pgSQL function public.refuse() line" in said
    assert "refuses a row (row 3 of its query)" in said
    assert "secret" not in said


@pytest.mark.long
def test_tables_of_which_none_can_be_first_are_a_no_before_anything_is_stopped(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    circle = "alter table public.users add first_project uuid references public.projects (id);"
    (studio.folder / "migrations" / "003_circle.sql").write_text(circle)

    assert studio.migrate("--execute") == 10

    assert studio.calls == []
    assert studio.states()["stage"] == "failed"
    assert "public.users.first_project -> public.projects" in capsys.readouterr().out


@pytest.mark.long
def test_rows_that_are_lost_after_the_load_are_a_no(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    damage = FILLED.format("delete from public.legacy_ids where old = 'demo-user'")
    studio.declare(f"{HOOKS}filled = {studio.hook(damage)}")
    before = studio.databases()

    assert studio.migrate("--execute") == 20

    assert studio.is_as_before(before)
    assert studio.states()["data gate"] == "failed"
    assert "rows public.legacy_ids" in capsys.readouterr().out


@pytest.mark.long
def test_what_is_written_before_the_stop_is_loaded(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    studio.declare(f'{HOOKS}hooks = {{ "before stop" = {studio.hook(LATE)} }}')

    status = studio.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 0, said
    assert "data/users.json is not what was staged: 8 records of 2 collections" in said
    assert studio.rows("users") == 4
    assert leftovers(studio) == []


@pytest.mark.long
def test_field_that_comes_after_the_pre_gate_and_goes_nowhere_is_a_no(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    late = LATE.replace('"password": None', '"nickname": "late"')
    studio.declare(f'{HOOKS}hooks = {{ "before stop" = {studio.hook(late)} }}')
    before = studio.databases()

    assert studio.migrate("--execute") == 20

    assert studio.is_as_before(before)
    assert studio.states()["stage again"] == "failed"
    assert "no query takes it: users.nickname" in capsys.readouterr().out
    assert leftovers(studio) == []


@pytest.mark.long
def test_what_is_written_after_the_stop_is_a_no(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    studio.declare(f"{HOOKS}filled = {studio.hook(LATE)}")
    before = studio.databases()

    assert studio.migrate("--execute") == 20

    assert studio.is_as_before(before)
    assert studio.states()["swap"] == "failed"
    said = capsys.readouterr().out
    assert "written after it was read: data/users.json is not what was staged" in said
    assert leftovers(studio) == []


@pytest.mark.long
def test_first_database_of_all_is_made_and_taken_away_again(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = studio.target.of(f"{studio.target.dbname}_fresh")
    monkeypatch.setenv("SHOP_TARGET", fresh.raw)
    files = studio.files()

    assert studio.migrate("--execute") == 0, capsys.readouterr().out
    label = studio.outcome["label"]
    assert labels.read(studio.databases()[fresh.dbname][2]) == labels.Mark(label, "live")
    capsys.readouterr()

    assert say(studio, "rollback", "--execute") == 20, capsys.readouterr().out

    assert set(studio.databases()) == {
        studio.target.dbname,
        f"{fresh.dbname}_failed_{label}",
    }
    assert studio.files() == files
    assert studio.calls == ["stop old", "start new", "stop new", "start old"]
    assert say(studio, "status") == 0


@pytest.mark.long
def test_rollback_is_refused_where_the_files_are_not_what_they_were(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = studio.target.of(f"{studio.target.dbname}_fresh")
    monkeypatch.setenv("SHOP_TARGET", fresh.raw)
    assert studio.migrate("--execute") == 0, capsys.readouterr().out
    studio.write("users", users()[:1])

    assert say(studio, "rollback", "--execute") == 10

    assert "the files are not what was migrated: data/users.json" in capsys.readouterr().out
    with psycopg.connect(fresh.raw) as conn:
        assert conn.execute("select count(*) from public.users").fetchone() == (3,)


@pytest.mark.long
def test_old_database_is_put_back_beside_the_files(studio: Studio) -> None:
    before = studio.databases()
    assert studio.migrate("--execute") == 0

    assert say(studio, "rollback", "--execute") == 20

    assert studio.users() == ["of the old database"]
    assert studio.databases()[studio.target.dbname] == before[studio.target.dbname]


@pytest.mark.long
def test_rehearsal_stages_twice_and_leaves_nothing(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    """The window is expected as if the files were written until the stop."""
    before, files = studio.databases(), studio.files()

    status = say(studio, "rehearse", "--no-report")

    said = capsys.readouterr().out
    assert status == 0, said
    assert said.count("7 records of 2 collections") == 2
    assert studio.is_as_before(before)
    assert studio.files() == files
    assert studio.calls == []
    assert studio.migrate() == 0
    assert "the rehearsal of" in capsys.readouterr().out


@pytest.mark.long
def test_baseline_of_files_is_recorded(studio: Studio) -> None:
    out = studio.folder / "now.json"

    assert say(studio, "baseline", f"--out={out}") == 0

    told = json.loads(out.read_text())
    assert "public.users" in json.dumps(told["relations"])


@pytest.mark.parametrize(
    ("migrate", "more", "because"),
    [
        ('fill = "dump-restore"', "", "migrate.fill is 'dump-restore', and the source is data/"),
        ("", "[fence]\nterminate = true", "files have none"),
        ('strategy = "in-place"', "", "in-place changes a database by a command"),
    ],
)
def test_what_files_cannot_have_is_refused(
    studio: Studio, capsys: pytest.CaptureFixture[str], migrate: str, more: str, because: str
) -> None:
    text = (studio.folder / "gatepost.toml").read_text()
    if migrate.startswith("fill"):
        text = text.replace('fill = "files"', migrate)
    elif migrate:
        text = text.replace("[migrate]", f"{migrate}\n[migrate]")
    (studio.folder / "gatepost.toml").write_text(f"{text}\n{more}\n")

    assert studio.migrate() == 64

    assert because in capsys.readouterr().err


def test_target_that_nobody_named_is_no_run_that_went_well(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SHOP_TARGET")

    assert studio.migrate("--execute") == 64

    assert "SHOP_TARGET is not set" in capsys.readouterr().err
    assert studio.runs == []
