"""Does a gate stage its source by itself, and judge a target by it?"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import baseline, names, session
from gatepost.handover import Handover, Request
from gatepost.origin import Source
from gatepost.staging import stage
from tests.staging.project import Project, opened, staging_databases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost import embedded
    from gatepost.dsn import Dsn
    from gatepost.session import Session
    from gatepost.settings import Settings

USERS = names.relation("public.users")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(
    tmp_path: Path, database18: Callable[..., Dsn], server16: embedded.Server
) -> Iterator[Project]:
    """A project whose target was filled by it, and that stages on a server of the tests'."""
    found = Project(tmp_path, database18())
    found = replace(found, toml=found.toml.replace("[source]", f"[source]\n{scratch(server16)}"))
    with stage.opened(found.write()) as settings:
        found.migrate(settings, settings.before)
    yield found
    assert staging_databases(server16.dsn()) == []


def scratch(server: embedded.Server) -> str:
    return f'scratch = "{server.url()}"'


@contextlib.contextmanager
def asked(settings: Settings) -> Iterator[Session]:
    """Open a data gate's session."""
    found = session.begin(settings, Request(gate="data", out=settings.folder, alone=True))
    with contextlib.closing(found):
        yield found


def test_rows_of_the_target_are_those_of_the_files(project: Project) -> None:
    with asked(project.load()) as found:
        compared = found.compared(USERS).read()
        assert compared.alike
        assert compared.was is not None
        assert compared.was.rows == 2
        assert found.compared(names.relation("public.notes")).read().alike


def test_row_that_was_lost_on_the_way_is_found(project: Project) -> None:
    with opened(project.target) as conn:
        conn.execute("delete from public.users where age = 7")

    with asked(project.load()) as found:
        assert not found.compared(USERS).read().alike


def test_table_without_a_query_must_be_empty(project: Project) -> None:
    with opened(project.target) as conn:
        conn.execute("insert into public.notes (body) values ('nobody sent it')")

    with asked(project.load()) as found:
        assert not found.compared(names.relation("public.notes")).read().alike


def test_what_staging_made_is_no_part_of_the_source(project: Project) -> None:
    with asked(project.load()) as found:
        was, now = found.before.catalog, found.after.catalog
        ledger = project.load().project.migrate.ledger
        assert {one.identity for one in was.objects} == {one.identity for one in now.objects}
        assert [table.relation for table in was.tables] == [t.relation for t in now.tables]
        assert ledger in {one.identity for one in was.objects}
        for subject in ("indexes", "constraints", "triggers", "statistics"):
            assert all(name.startswith("public.") for name in found.before.objects.states(subject))


def test_what_only_a_database_has_is_not_planned_and_it_is_said(project: Project) -> None:
    with asked(project.load()) as found:
        reasons = {(one.question, one.reason) for one in found.plan.not_planned}
        for question in ("settings", "extensions", "privileges"):
            assert (question, "the source is files") in reasons
        assert found.plan.of("schema")


def test_head_of_the_report_names_the_files(project: Project) -> None:
    with asked(project.load()) as found:
        (one,) = found.before.staged
        assert found.gate.before is not None
        assert found.gate.before.collections == (one,)
        assert f"before: data/users.json: 2 records, sha256 {one.sha256}" in found.remarks()


def test_worker_joins_by_a_handover_without_a_secret(
    project: Project, server16: embedded.Server
) -> None:
    with asked(project.load()) as found:
        handed = found.handover.dumps()
        assert server16.password not in handed

        joined = session.join(project.load(), Handover.loads(handed))
        with contextlib.closing(joined):
            assert joined.before.info == found.before.info
            assert joined.plan == found.plan


def test_baseline_of_a_staged_source_is_compared_when_the_files_are_gone(project: Project) -> None:
    file = project.folder / "baseline.json"
    with stage.opened(project.load()) as staged:
        baseline.record(staged, baseline.Request(file))
    for one in (project.folder / "data").iterdir():
        one.unlink()
    settings = project.load().model_copy(update={"source": Source(url=f"baseline:{file}")})

    with asked(settings) as found:
        assert found.compared(USERS).read().alike
        assert [one.records for one in found.before.staged] == [2]
        assert "the source is files" in {one.reason for one in found.plan.not_planned}
    with opened(project.target) as conn:
        conn.execute("update public.users set name = 'Eve' where age = 5")
    with asked(settings) as found:
        assert not found.compared(USERS).read().alike


def test_table_of_another_database_is_staged_as_a_file_is(project: Project, tmp_path: Path) -> None:
    sqlite3 = pytest.importorskip("sqlite3")
    with contextlib.closing(sqlite3.connect(tmp_path / "old.db")) as conn:
        conn.execute("create table users (id text, name text, age int)")
        records = project.collections["users"]
        conn.executemany("insert into users values (:id, :name, :age)", records)
        conn.commit()
    settings = project.load("sqlite:///old.db")

    with asked(settings) as found:
        (one,) = found.before.staged
        assert (one.name, one.records, one.bytes) == ("users", 2, 0)
        assert len(one.sha256) == 64
        assert found.compared(USERS).read().alike


@pytest.mark.slow
@pytest.mark.parametrize(
    "workers",
    [pytest.param((), marks=pytest.mark.long), ("-n", "2")],
    ids=["alone", "two workers"],
)
def test_gate_is_asked_from_the_command_line(project: Project, workers: tuple[str, ...]) -> None:
    out = project.folder / "out"
    arguments = [f"--project={project.folder}", "--target=prod", "--gate=data", *workers]
    folder = f"--gatepost-out={out}"

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "checks", *arguments, folder, "--gatepost-no-report"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    verdict = json.loads((out / "verdict.json").read_text())
    assert (done.returncode, verdict["verdict"]) == (0, "GO"), done.stdout
    (one,) = verdict["sides"]["before"]["collections"]
    assert (one["file"], one["records"], len(one["sha256"])) == ("data/users.json", 2, 64)
