"""Does a person see how far a step is, how fast it goes and how long it will take yet?"""

from __future__ import annotations

import datetime as dt
import io
import os
import pty
import re
import select
import time
from typing import TYPE_CHECKING

import pytest

from gatepost.run_file import Run, Step, write
from runner.record import timings
from runner.screen.progress import Progress
from runner.screen.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.verdict import Word

MB = 1024 * 1024


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_rate_and_rest_follow_from_what_was_seen(clock: Clock) -> None:
    progress = Progress("restore", clock=clock)
    for clock.now in range(5):
        progress.advance(10 * MB * clock.now, 100 * MB, "bytes")

    assert progress.told == "40 MB of 100 MB, 10 MB/s, about 6.0 s left"
    assert progress.share == pytest.approx(0.4)


def test_rest_follows_from_the_last_time_where_there_was_one(clock: Clock) -> None:
    progress = Progress("dump", expected=30, after=45, clock=clock)
    for clock.now in range(11):
        progress.advance(MB * clock.now, 0, "bytes")

    assert progress.told == "10 MB, 1.0 MB/s, about 20 s left, 1 min 05 s to the end"


def test_step_that_takes_longer_than_last_time_says_so(clock: Clock) -> None:
    progress = Progress("analyze", expected=4, after=45, clock=clock)
    clock.now = 6.0

    assert progress.told == "longer than the 4.0 s of last time"


def test_rest_of_what_takes_longer_than_last_time_follows_from_its_rate(clock: Clock) -> None:
    progress = Progress("restore", expected=2, clock=clock)
    for clock.now in range(5):
        progress.advance(10 * MB * clock.now, 100 * MB, "bytes")

    assert progress.told == "40 MB of 100 MB, 10 MB/s, about 6.0 s left"


def test_rate_of_what_stands_still_falls_to_nothing(clock: Clock) -> None:
    progress = Progress("dump", clock=clock)
    for clock.now in range(40):
        progress.advance(min(clock.now, 20) * MB, 0, "bytes")

    assert progress.told == "20 MB, 0 bytes/s"


def test_percentage_of_a_gate_has_a_rest_and_no_rate(clock: Clock) -> None:
    progress = Progress("data gate", clock=clock)
    for clock.now in range(11):
        progress.advance(clock.now * 2, 100, "percent")

    assert progress.told == "20%, about 40 s left"


def test_first_second_promises_nothing(clock: Clock) -> None:
    progress = Progress("dump", clock=clock)
    clock.now = 0.5
    progress.advance(MB, 10 * MB, "bytes")

    assert progress.told == "1.0 MB of 10 MB"


def test_long_step_is_told_in_plain_lines_where_nobody_watches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("runner.screen.terminal._FIRST", 0.2)
    stream = io.StringIO()
    terminal = Terminal(stream)

    with terminal.running("dump"):
        terminal.advance(5 * MB)
        time.sleep(0.4)

    assert re.fullmatch(r"  …      dump +\d+ ms   5.0 MB\n", stream.getvalue())


def test_short_step_is_one_line_where_nobody_watches() -> None:
    stream = io.StringIO()
    terminal = Terminal(stream)

    with terminal.running("swap"):
        terminal.advance(1, 2)
    terminal.ended("swap", "done", 0.011, "the old one is kept", "green")

    assert stream.getvalue() == "  done   swap              11 ms   the old one is kept\n"


@pytest.fixture(params=[120])
def screen(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Terminal, int]]:
    """A terminal of so many columns, and where to read what is on it."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", str(request.param))
    monkeypatch.delenv("NO_COLOR", raising=False)
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w") as stream:
        yield Terminal(stream), reader
    os.close(reader)


def seen(reader: int) -> str:
    """What has come so far."""
    heard = b""
    while select.select([reader], [], [], 0.2)[0]:
        heard += os.read(reader, 65536)
    return heard.decode()


def test_running_step_is_repainted_with_a_bar_and_leaves_nothing(
    screen: tuple[Terminal, int],
) -> None:
    terminal, reader = screen
    terminal.expect({"restore": 60, "data gate": 20})

    with terminal.running("restore"):
        terminal.advance(25 * MB, 100 * MB)
        time.sleep(0.5)
    terminal.ended("restore", "done", 0.5, "into shop_next", "green")

    said = seen(reader)
    assert "25 MB of 100 MB" in said
    assert "━" in said
    assert re.search(r"about 60 s left, 1 min (20|19) s to the end", said)
    assert "\x1b[32mdone" in said.rpartition("\x1b[2K")[2]


@pytest.mark.parametrize("screen", [70], indirect=True)
def test_narrow_terminal_keeps_the_words_and_leaves_the_bar_out(
    screen: tuple[Terminal, int],
) -> None:
    terminal, reader = screen

    with terminal.running("restore"):
        terminal.advance(25 * MB, 100 * MB)
        time.sleep(0.3)

    said = seen(reader)
    assert "25 MB of 100 MB" in said
    assert "━" not in said


def test_step_within_a_step_has_no_line_of_its_own(screen: tuple[Terminal, int]) -> None:
    terminal, reader = screen

    with terminal.running("backup"):
        with terminal.running("dump"):
            time.sleep(0.3)
        time.sleep(0.3)

    said = seen(reader)
    assert "backup" in said
    assert "dump" not in said


def test_no_color_is_heeded_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    reader, writer = pty.openpty()

    with os.fdopen(writer, "w") as stream:
        Terminal(stream).say("NO-GO", "red")
        said = seen(reader)

    os.close(reader)
    assert said == "NO-GO\r\n"


def ended(label: str, word: Word, target: str = "prod") -> Run:
    """A run of which only its steps matter."""
    moment = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    steps = (Step("dump", "done", moment, 4.0), Step("app gate", "not reached"))
    return Run(1, word, 0, "", label, "shop", target, moment, moment, 4.0, steps=steps)


def test_last_time_is_that_of_the_last_go_of_the_target(tmp_path: Path) -> None:
    for run in (
        ended("20261101T000000-aaaa", "GO"),
        ended("20261102T000000-bbbb", "NO-GO"),
        ended("20261103T000000-cccc", "GO", "staging"),
    ):
        (folder := tmp_path / run.label).mkdir()
        write(run, folder)
    (broken := tmp_path / "20261104T000000-dddd").mkdir()
    (broken / "run.json").write_text("{", encoding="utf-8")

    assert timings.last(tmp_path, "prod") == {"dump": 4.0}
    assert timings.last(tmp_path, "nobody") == {}
