"""What a whole gate makes of a ledger: what is about to run, what is lost, what a run wrote."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost import baseline, session
from gatepost.handover import Request
from gatepost.ledgers import answers, kept, standing, tables
from gatepost.origin import Source
from gatepost.settings import Project, Settings, Target
from tests.conftest import run
from tests.ledgers.rows import PRISMA as TABLE
from tests.ledgers.rows import prisma_folder, said, sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.ledgers.entries import Told
    from gatepost.session import Session
    from gatepost.settings import Gate

    Make = Callable[..., Dsn]

SCRIPTS = {"1_init": "create table pools ();", "2_more": "create table games ();"}


def applied(name: str, steps: int = 1) -> str:
    """Return the statement of a row of Prisma's."""
    return (
        "insert into _prisma_migrations values (gen_random_uuid(),"
        f" '{sha256(SCRIPTS.get(name, ''))}', now(), '{name}', null, null, now(), {steps});"
    )


class Gates:
    """Gates of one project, each with a folder of its own, as the runner's have them."""

    def __init__(self, folder: Path, before: Dsn, after: Dsn) -> None:
        if not folder.joinpath("migrations").exists():
            prisma_folder(folder / "migrations", SCRIPTS)
        declared = {"migrate": {"fill": "prisma", "migrations": "migrations"}}
        self.folder = folder
        self.label = ""
        self.runs = 0
        self.settings = Settings(
            project=Project.model_validate(declared),
            folder=folder,
            target_name="prod",
            target=Target(url=after.raw, strategy="in-place"),
            source=Source(url=before.raw),
        )

    @contextlib.contextmanager
    def open(self, gate: Gate) -> Iterator[Session]:
        """Open a session of a run of its own."""
        self.runs += 1
        label = self.label or f"run {self.runs}"
        out = self.folder / "runs" / label / gate
        out.mkdir(parents=True, exist_ok=True)
        request = Request(gate=gate, out=out, label=label, alone=True)
        with contextlib.closing(session.begin(self.settings, request)) as opened:
            yield opened

    def ask(self, gate: Gate) -> Told:
        """Return what is told of the ledger; what it says is kept, as a gate does it."""
        with self.open(gate) as opened:
            (ledger,) = tables.declared(self.settings, opened.before.catalog)
            side = opened.before if gate == "pre" else opened.after
            found = answers.of(opened, side, ledger, gate)
            kept.remember(opened)
        return found


def test_pending_is_noted_before_a_run_and_found_after_it(database16: Make, tmp_path: Path) -> None:
    dsn = database16(TABLE + applied("1_init"))
    copy = database16(template=dsn.dbname)

    before = Gates(tmp_path / "before", dsn, dsn).ask("pre")
    after = Gates(tmp_path / "after", copy, dsn).ask("data")

    assert before.findings == ()
    assert [one.rpartition(": ")[2] for one in before.notes] == [
        "2_more has a file and was never applied"
    ]
    assert said(after.findings) == ["2_more has a file and was never applied"]


def test_plan_is_told_what_is_applied_and_what_is_pending(database16: Make, tmp_path: Path) -> None:
    dsn = database16(TABLE + applied("1_init"))
    gates = Gates(tmp_path, dsn, dsn)

    with gates.open("pre") as opened:
        side = opened.before
        found = standing.of(side.connection, gates.settings, side.catalog)
        declared = {"expand": ["1_init"], "contract": ["2_more"]}
        phased = Project.model_validate(
            {"migrate": {**gates.settings.project.migrate.model_dump(), "phases": declared}}
        )
        expand = gates.settings.model_copy(update={"project": phased, "phase": "expand"})
        first = standing.of(side.connection, expand, side.catalog)

    assert found is not None
    assert first is not None
    assert [one.name for one in found.applied] == ["1_init"]
    assert [one.name for one in found.pending] == ["2_more"]
    assert first.pending == ()


def test_schema_with_tables_and_no_ledger_is_refused(database16: Make, tmp_path: Path) -> None:
    full, empty = database16("create table pools ()"), database16()

    refused = Gates(tmp_path / "full", full, full).ask("pre")
    begun = Gates(tmp_path / "empty", empty, empty).ask("pre")

    assert said(refused.findings) == [
        "it is not there, and every deployment refuses a schema with tables (P3005)"
    ]
    assert begun.findings == ()
    assert len(begun.notes) == len(SCRIPTS)


def test_history_that_shrank_since_the_last_gate_is_found_until_it_is_back(
    database16: Make, tmp_path: Path
) -> None:
    """P7: the ledger is truncated, and filled again as if all had been applied."""
    dsn = database16(TABLE + applied("1_init"))
    gates = Gates(tmp_path, dsn, dsn)
    assert gates.ask("pre").findings == ()

    run(dsn, "truncate _prisma_migrations;" + applied("1_init", 0) + applied("2_more", 0))
    found, still = gates.ask("pre"), gates.ask("pre")

    (told,) = said(found.findings)
    assert told.startswith("1 row gone, and 1 name of them written anew: 1_init (since 20")
    assert told.endswith("UTC, run run 1)")
    assert said(still.findings) == [told]


def test_another_database_of_that_name_has_a_history_of_its_own(
    database16: Make, tmp_path: Path
) -> None:
    old = database16(TABLE + applied("1_init") + applied("2_more"))
    gates = Gates(tmp_path, old, old)
    gates.ask("pre")
    new = database16(TABLE + applied("1_init") + applied("2_more"))
    source, target = Source(url=new.raw), Target(url=new.raw, strategy="in-place")
    gates.settings = gates.settings.model_copy(update={"source": source, "target": target})

    assert gates.ask("pre").findings == ()


def test_gates_that_share_a_folder_know_each_database_by_itself(
    database16: Make, tmp_path: Path
) -> None:
    """What is kept of one is not lost while another is asked."""
    first = database16(TABLE + applied("1_init") + applied("2_more"))
    second = database16(template=first.dbname)
    of_first = Gates(tmp_path, first, first)
    of_second = Gates(tmp_path, second, second)
    for gates in (of_first, of_second):
        gates.label = "gatepost-out"
        gates.ask("pre")

    run(first, "delete from _prisma_migrations where migration_name = '2_more'")

    assert said(of_first.ask("pre").findings)[0].startswith("1 row gone: 2_more")
    assert of_second.ask("pre").findings == ()


def test_rows_that_a_run_did_not_write_are_found_after_it(database16: Make, tmp_path: Path) -> None:
    """P5: an entrypoint marks as applied whatever a deployment did not do."""
    copy = database16(TABLE + applied("1_init"))
    live = database16(TABLE + applied("1_init") + applied("2_more", 0) + applied("0_hot_fix"))

    found = said(Gates(tmp_path, copy, live).ask("data").findings)

    assert found == [
        "0_hot_fix was applied and has no file",
        "1 row gone, and 1 name of them written anew: 1_init (since the run began)",
        "2_more was marked as applied while the run went on, and none of its steps was run",
        "0_hot_fix was recorded while the run went on, and was not to be run",
    ]


@pytest.mark.slow
def test_baseline_tells_what_the_ledger_said(database16: Make, tmp_path: Path) -> None:
    dsn = database16(TABLE + applied("1_init") + "create table pools (id int primary key);")
    gates = Gates(tmp_path, dsn, dsn)
    file = tmp_path / "then.json"
    baseline.record(gates.settings, baseline.Request(out=file))
    run(dsn, "truncate _prisma_migrations;" + applied("1_init") + applied("2_more"))
    gates.settings = gates.settings.model_copy(update={"source": Source(url="baseline:then.json")})

    found = said(gates.ask("data").findings)

    assert found[0].startswith("1 row gone, and 1 name of them written anew: 1_init")
