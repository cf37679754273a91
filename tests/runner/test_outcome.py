"""What does the runner make of how a run ended, of a name, of a screen?"""

from __future__ import annotations

import datetime as dt
import io
import os
import pty
from typing import TYPE_CHECKING

import pytest

from gatepost.errors import ToolFailed, UsageError
from runner.outcome import Exit, Interrupted, NoGo, Stage, exit_status
from runner.screen.terminal import Terminal
from runner.servers import labels

if TYPE_CHECKING:
    from gatepost.run_file import Rollback


@pytest.mark.parametrize(
    ("failure", "stage", "rollback", "expected"),
    [
        (None, "cut", None, Exit.GO),
        (NoGo("no"), "preflight", None, Exit.REFUSED),
        (NoGo("no"), "preflight", "verified", Exit.REFUSED),
        (ToolFailed("x"), "preflight", None, Exit.INCONCLUSIVE),
        (NoGo("no"), "window", "verified", Exit.ROLLED_BACK),
        (ToolFailed("x"), "window", "verified", Exit.INCONCLUSIVE),
        (Interrupted("SIGTERM"), "window", "verified", Exit.INCONCLUSIVE),
        (Interrupted("SIGTERM"), "cut", "verified", Exit.ROLLED_BACK),
        (ToolFailed("x"), "cut", "verified", Exit.ROLLED_BACK),
        (NoGo("no"), "cut", "failed", Exit.ROLLBACK_FAILED),
        (ToolFailed("x"), "window", "failed", Exit.ROLLBACK_FAILED),
        (ZeroDivisionError(), "window", "verified", Exit.INTERNAL),
        (ZeroDivisionError(), "cut", "failed", Exit.ROLLBACK_FAILED),
    ],
)
def test_exit_status_follows_from_failure_stage_and_rollback(
    failure: BaseException | None, stage: Stage, rollback: Rollback | None, expected: Exit
) -> None:
    assert exit_status(failure, stage, rollback) is expected


@pytest.mark.parametrize(
    "mark",
    [
        labels.Mark("20260101T000000-ab12", "building"),
        labels.Mark("20260101T000000-ab12", "previous", "2026-02-01", "the shop\nof two lines"),
    ],
)
def test_mark_is_read_back_from_a_comment(mark: labels.Mark) -> None:
    assert labels.read(str(mark)) == mark


def test_comment_of_somebody_else_is_no_mark() -> None:
    assert labels.read("the shop") is None
    assert labels.unmarked("the shop") == "the shop"


def test_label_is_the_moment_in_utc() -> None:
    east = dt.timezone(dt.timedelta(hours=3))

    assert labels.new(dt.datetime(2026, 11, 21, 2, 0, 5, tzinfo=east)).startswith(
        "20261120T230005-"
    )


def test_name_that_the_server_would_cut_is_refused() -> None:
    labels.Names("n" * 35, "").check()
    with pytest.raises(UsageError, match="too long"):
        labels.Names("n" * 36, "").check()


def test_only_a_name_that_a_run_gives_is_of_a_run() -> None:
    names = labels.Names("shop", labels.new(dt.datetime.now(dt.UTC)))

    assert labels.of_a_run(names.drill, "shop")
    assert labels.of_a_run(names.new, "shop")
    assert not labels.of_a_run(names.old, "shop")
    assert not labels.of_a_run("shop_new_customers", "shop")


def test_lines_are_plain_where_nobody_watches() -> None:
    stream = io.StringIO()
    terminal = Terminal(stream)

    with terminal.running("dump"):
        terminal.keep("a finding")
    terminal.ended("dump", "done", 0.25, "12 MB", "green")

    assert stream.getvalue() == ("  done   dump             250 ms   12 MB\n         a finding\n")


def test_lines_are_coloured_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    reader, writer = pty.openpty()

    with os.fdopen(writer, "w") as stream:
        Terminal(stream).say("GO", "green")
        seen = os.read(reader, 100)

    os.close(reader)
    assert seen == b"\x1b[32mGO\x1b[0m\r\n"
