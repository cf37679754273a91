"""What is told of the rows of `_prisma_migrations`, in every state that they can be in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from gatepost.ledgers import prisma_files
from gatepost.ledgers.entries import Told
from gatepost.migrations import chain
from tests.ledgers.others import read
from tests.ledgers.rows import (
    BEGAN,
    TABLE,
    judged,
    prisma_folder,
    prisma_table,
    row,
    said,
    sha256,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.ledgers.entries import Entry

INIT, STATUS = "20250816213427_init", "20250816214312_add_game_status"
SCRIPTS = {INIT: "create table pools ();\n", STATUS: "alter table games add status text;\n"}
APPLIED = [row(name, text) for name, text in SCRIPTS.items()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return prisma_folder(tmp_path / "migrations", SCRIPTS)


def test_an_honest_ledger_is_left_alone(folder: Path) -> None:
    assert judged(APPLIED, folder) == Told()


def test_pending_is_a_finding_unless_it_is_about_to_run(folder: Path) -> None:
    told = judged(APPLIED[:1], folder)
    assert said(told.findings) == [f"{STATUS} has a file and was never applied"]
    assert "migrate deploy" in told.findings[0]

    about_to = judged(APPLIED[:1], folder, pending=True)
    assert about_to == Told((), (f"{TABLE}: {STATUS} has a file and was never applied",))


def test_what_another_phase_runs_is_no_finding(folder: Path) -> None:
    told = judged(APPLIED[:1], folder, due=lambda name: name != STATUS)

    assert told == Told((), (f"{TABLE}: {STATUS} is of another phase, and waits for it",))


def test_what_no_phase_runs_is_a_finding(folder: Path) -> None:
    told = judged(
        APPLIED[:1],
        folder,
        pending=True,
        due=lambda _: False,
        forgotten=lambda name: name == STATUS,
    )

    assert said(told.findings) == [f"{STATUS} is pending, and of no phase: no run runs it"]


def test_failed_stops_every_deployment(folder: Path) -> None:
    told = judged([APPLIED[0], row(STATUS, SCRIPTS[STATUS], "failed")], folder)

    assert said(told.findings) == [
        f"{STATUS} failed, and every deployment refuses until that is resolved (P3009)"
    ]
    assert f"resolve --rolled-back {STATUS}" in told.findings[0]
    assert told.notes == ()


def test_edit_behind_a_checksum_in_capitals_is_told(folder: Path) -> None:
    capitals = row(STATUS, "another text", checksum=sha256("another text").upper())

    assert said(judged([APPLIED[0], capitals], folder).findings) == [
        f"{STATUS} has '{sha256('another text').upper()[:20]}' for a checksum",
        f"{STATUS} was edited after it was applied",
    ]


@pytest.mark.parametrize(
    "values",
    [
        f"'1', '{sha256('')}', 'infinity', 'x', null, null, now(), 1",
        f"'1', '{sha256('')}', now(), 'x', null, null, '0044-03-15 BC', 1",
        f"'1', '{sha256('')}', now(), null, null, null, now(), 1",
    ],
)
def test_row_that_no_prisma_wrote_is_refused(database16: Callable[..., Dsn], values: str) -> None:
    dsn = database16(
        f"{prisma_table()} alter table _prisma_migrations alter migration_name drop not null;"
        f"insert into _prisma_migrations values ({values})"
    )

    with pytest.raises(UsageError, match="a row that Prisma cannot have written"):
        read("prisma", "_prisma_migrations", dsn)


def test_times_without_a_zone_are_of_utc(database16: Callable[..., Dsn]) -> None:
    dsn = database16(
        f"{prisma_table()} alter table _prisma_migrations alter finished_at type date,"
        " alter started_at drop default, alter started_at type timestamp;"
        f"insert into _prisma_migrations values ('1', '{sha256('')}', '2025-01-02', 'x', null,"
        " null, '2025-01-01 12:00', 1)"
    )

    (found,) = read("prisma", "_prisma_migrations", dsn)

    assert found.started == dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)
    assert found.finished == dt.datetime(2025, 1, 2, tzinfo=dt.UTC)


def test_killed_is_told_from_running_by_the_lock(folder: Path) -> None:
    rows = [APPLIED[0], row(STATUS, SCRIPTS[STATUS], "unfinished")]

    (killed,) = judged(rows, folder).findings
    (running,) = judged(rows, folder, held=("pid 7 (prisma)",)).findings

    assert "was begun and never finished, and no error is recorded" in killed
    assert "the server may have committed it" in killed
    assert f"--applied {STATUS}` if what it builds is there" in killed
    assert f"--rolled-back {STATUS} if nothing of it is" in killed
    assert running.startswith(f"{TABLE}: {STATUS} is running: pid 7 (prisma)")


def test_lock_held_by_a_deployment_that_has_no_row_yet_is_a_finding(folder: Path) -> None:
    (told,) = said(judged(APPLIED, folder, held=("pid 7",)).findings)

    assert told == "a deployment holds Prisma's lock: pid 7"


def test_rolled_back_and_still_on_disk_would_run_again(folder: Path) -> None:
    rows = [APPLIED[0], row(STATUS, SCRIPTS[STATUS], "rolled back")]

    (told,) = judged(rows, folder).findings
    meant = judged(rows, folder, again=(STATUS,))

    assert f"{STATUS} was rolled back, and a deployment would run the same script again" in told
    assert f'again = ["{STATUS}"] in [[ledgers]]' in told
    assert meant == Told((), (f"{TABLE}: {STATUS} was rolled back, and is to run again",))
    assert _pending(rows, folder) == [STATUS]


def test_rolled_back_and_mended_since_is_the_usual_way(folder: Path) -> None:
    rows = [APPLIED[0], row(STATUS, "a script with a mistake", "rolled back")]

    told = judged(rows, folder)

    assert told == Told(
        (), (f"{TABLE}: {STATUS} was rolled back and edited since, and runs again so",)
    )


def test_rolled_back_without_a_file_will_not_run(folder: Path) -> None:
    rows = [*APPLIED, row("20250823_optimize_indexes", "", "rolled back")]

    assert judged(rows, folder).findings == ()
    assert "has no file: it will not run" in judged(rows, folder).notes[0]


def test_marked_as_applied_is_noted_and_a_resolved_failure_as_such(folder: Path) -> None:
    baseline = row(INIT, SCRIPTS[INIT], "marked")
    resolved = [
        row(STATUS, SCRIPTS[STATUS], "rolled back"),
        row(STATUS, SCRIPTS[STATUS], "marked"),
    ]

    told = judged([baseline, *resolved], folder)

    assert told.findings == ()
    assert told.notes == (
        f"{TABLE}: {INIT} is marked as applied, and none of its steps was run",
        f"{TABLE}: {STATUS} failed, and was marked as applied by hand",
    )


def test_edited_after_it_was_applied(folder: Path) -> None:
    (folder / STATUS / "migration.sql").write_text("something else")

    assert said(judged(APPLIED, folder).findings) == [f"{STATUS} was edited after it was applied"]


@pytest.mark.parametrize(
    ("then", "now"),
    [("a\nb\n", "a\r\nb\r\n"), ("a\r\nb\r\n", "a\nb\n"), ("\ufeffa\n", "\ufeffa\n")],
    ids=["unix to windows", "windows to unix", "a mark that was always there"],
)
def test_line_ends_are_no_edit(tmp_path: Path, then: str, now: str) -> None:
    folder = prisma_folder(tmp_path / "migrations", {INIT: now})

    assert judged([row(INIT, then)], folder) == Told()


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ("a\n", "\ufeffa\n", "it has a byte order mark since"),
        ("\ufeffa\n", "a\n", "it has lost its byte order mark"),
        ("a\n", "a", "the end of its last line is lost"),
        ("a", "a\n", "its last line has an end since"),
    ],
)
def test_slight_edits_are_told_as_such(tmp_path: Path, then: str, now: str, told: str) -> None:
    folder = prisma_folder(tmp_path / "migrations", {INIT: now})

    assert said(judged([row(INIT, then)], folder).findings) == [
        f"{INIT} was edited after it was applied: {told}"
    ]


def test_lone_carriage_return_is_no_line_end(tmp_path: Path) -> None:
    folder = prisma_folder(tmp_path / "migrations", {INIT: "a\rb"})

    assert len(judged([row(INIT, "a\nb")], folder).findings) == 1


def test_checksum_of_an_early_prisma_has_fewer_digits(folder: Path) -> None:
    digest = bytes.fromhex(sha256(SCRIPTS[INIT]))
    early = "".join(f"{byte:x}" for byte in digest)
    assert len(early) < 64

    assert judged([row(INIT, checksum=early), APPLIED[1]], folder) == Told()


def test_newest_standing_row_tells_whether_a_file_was_edited(folder: Path) -> None:
    """After a rollback, a mended script and a deployment, the first row has another checksum."""
    rows = [APPLIED[0], row(STATUS, "with a mistake", "rolled back"), APPLIED[1]]

    assert judged(rows, folder) == Told()


def test_renamed_is_told_by_the_checksum_and_would_run_again(folder: Path) -> None:
    (folder / STATUS).rename(folder / "20250829_add_game_status")

    told = judged(APPLIED, folder)

    (renamed,) = said(told.findings)
    assert renamed == (
        f"{STATUS} was applied, and is called 20250829_add_game_status since: a deployment would"
        " run it again"
    )
    assert _pending(APPLIED, folder) == ["20250829_add_game_status"]


def test_renamed_and_edited_is_told_by_the_name(folder: Path) -> None:
    """P4: after it had failed in production, the migration got another date and other lines."""
    (folder / STATUS).rename(folder / "20250829_add_game_status")
    (folder / "20250829_add_game_status" / "migration.sql").write_text("create index;")

    told = judged(APPLIED, folder)

    assert said(told.findings)[0] == (
        f"{STATUS} was applied and has no file; 20250829_add_game_status was never applied:"
        " renamed, and edited, after it had run?"
    )


def test_missing_is_a_finding(folder: Path) -> None:
    rows = [*APPLIED, row("20250901_gone", "x")]

    assert said(judged(rows, folder).findings) == ["20250901_gone was applied and has no file"]


def test_out_of_order_is_noted(folder: Path) -> None:
    prisma_folder(folder, {"20250801_early": "x"})

    told = judged(APPLIED, folder, pending=True)
    late = judged([APPLIED[1], APPLIED[0], row("20250801_early", "x")], folder)

    assert told.findings == ()
    assert told.notes[0] == (
        f"{TABLE}: 20250801_early would run after {STATUS}, and a new database runs it before"
    )
    assert f"{TABLE}: {INIT} ran after {STATUS}, and a new database runs it before" in late.notes


def test_ledger_filled_in_by_hand_is_told_row_by_row() -> None:
    """P6: ids like `m1`, `manual` for a checksum, one name twice, one never finished."""
    told = judged(
        [
            row(INIT, id="m1", checksum="manual"),
            row(STATUS, "a"),
            row(STATUS, "b"),
            row("20250829_indexes", "", "unfinished"),
        ]
    )

    assert [line.partition(":")[0] for line in said(told.findings)] == [
        "20250829_indexes was begun and never finished, and no error is recorded",
        f"{INIT} has 'manual' for a checksum",
        f"{INIT} has the id 'm1', which is no uuid",
        f"{STATUS} is recorded 2 times",
    ]


def test_times_that_cannot_be_are_findings() -> None:
    now = dt.datetime.now(dt.UTC)
    told = judged(
        [
            row(INIT, finished=BEGAN - dt.timedelta(seconds=1)),
            row(STATUS, started=now + dt.timedelta(days=1), finished=now + dt.timedelta(days=2)),
        ]
    )

    first, second = said(told.findings)
    assert first.startswith(f"{INIT} was finished at 2025-08-16 21:33:59 UTC, before it began")
    assert second.startswith(f"{STATUS} began at")
    assert second.endswith("which is still to come")


def test_folder_without_a_script_stops_every_deployment(folder: Path) -> None:
    (folder / "20250901_empty").mkdir()

    (told,) = said(judged(APPLIED, folder).findings)
    assert told == (
        "migrations/20250901_empty: it holds no migration.sql, and every deployment refuses that"
        " (P3015)"
    )


def test_migrations_for_another_database_are_refused(folder: Path) -> None:
    lock = folder / "migration_lock.toml"
    lock.write_text('# made by Prisma\nprovider = "mysql"\n')
    assert "migrations for mysql" in said(judged(APPLIED, folder).findings)[0]

    lock.write_text('provider = "postgresql"\n')
    assert judged(APPLIED, folder) == Told()


def test_folder_of_plain_files_is_none_of_prismas(tmp_path: Path) -> None:
    (tmp_path / "001_core.sql").write_text("select 1")

    assert "holds no NAME/migration.sql" in said(judged([], tmp_path).findings)[0]


def _pending(entries: Sequence[Entry], folder: Path) -> list[str]:
    return [file.name for file in prisma_files.pending(entries, chain.of(folder))]
