"""Does a run go on, or back, though nobody can read any more what it says?"""

from __future__ import annotations

import contextlib
import io
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING, TextIO, cast

import pytest

from runner.screen import lasting
from runner.screen.terminal import Terminal
from tests.runner.crashes import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runner.conftest import Shop


@contextlib.contextmanager
def piped() -> Iterator[tuple[TextIO, int]]:
    """Yield what is written to, and what reads it: a `tee`."""
    reads, writes = os.pipe()
    with os.fdopen(writes, "w") as stream:
        yield stream, reads


@contextlib.contextmanager
def on_a_terminal() -> Iterator[tuple[TextIO, int]]:
    """Yield what is written to, and what holds the other end: an `sshd`."""
    reads, writes = pty.openpty()
    with os.fdopen(writes, "w") as stream:
        yield stream, reads


@pytest.mark.parametrize("screen", [piped, on_a_terminal])
def test_step_is_done_though_the_screen_went_away(
    screen: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    opened = cast("type[contextlib.AbstractContextManager[tuple[TextIO, int]]]", screen)
    with opened() as (stream, reads):
        terminal = Terminal(cast("TextIO", lasting.Lasting(stream)))
        os.close(reads)

        terminal.say("run 20260101T000000-ab12", "bold")
        with terminal.running("undo fence"):
            done = True
        terminal.ended("fence", "undone", 0.1, "role app may log in again")

    assert done


def test_sign_that_the_screen_does_not_know_is_spelled(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))

    with lasting.streams():
        Terminal(sys.stdout).say("… dump")

    assert written.getvalue() == b"\\u2026 dump\n"


@pytest.mark.slow
def test_exit_status_is_that_of_the_verb_though_its_reader_has_gone(shop: Shop) -> None:
    assert unread(shop, "status", lines=0) == 0
    assert unread(shop, "migrate", lines=1) == 0


@pytest.mark.slow
@pytest.mark.long
def test_run_comes_to_go_though_its_reader_has_gone(shop: Shop) -> None:
    assert unread(shop, "migrate", "--execute", "--no-report", lines=3) == 0

    assert shop.outcome["word"] == "GO"
    assert shop.calls == ["stop old", "start new"]


def unread(shop: Shop, verb: str, *arguments: str, lines: int) -> int:
    """Say a verb to somebody who hangs up after so many lines, and return its exit status."""
    given = ["--target=prod", f"--project={shop.folder}", *arguments]
    with subprocess.Popen(
        [sys.executable, "-m", "runner", verb, *given],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as child:
        assert child.stdout is not None  # asked for
        for _ in range(lines):
            child.stdout.readline()
        child.stdout.close()
        return child.wait(120)
