"""What becomes of a run when the network fails, in whatever it is doing?"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.conftest import run
from tests.proxy import Proxy
from tests.runner import clients
from tests.runner.conftest import HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from tests.runner.conftest import Shop

pytestmark = [pytest.mark.slow, pytest.mark.servers]

# Enough to be cut off in the midst of it.
ROWS = (
    "create table logs as select n, repeat('a log ', 20) as line from generate_series(1, 20000) n"
)
_PATIENCE = 60.0  # seconds: no run may hang


@pytest.fixture
def lines(shop: Shop) -> Shop:
    """A shop with a table that takes a moment."""
    run(shop.source, ROWS)
    run(shop.target, "create table logs (n int, line text)")
    return shop


def begun_mark(shop: Shop, folder: Path, program: str, declared: str = "") -> Path:
    """Declare a client that leaves a mark where it has begun, for the proxy to see; return it."""
    mark = folder / "begun"
    pg_bin = clients.wrong(folder / "bin", **{program: f'touch {mark}; "$REAL" "$@" || exit $?'})
    shop.declare(f'{HOOKS}pg_bin = "{pg_bin}"\n{declared}')
    return mark


@contextlib.contextmanager
def through(proxy: Proxy, shop: Shop, side: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the runner reach one side through a proxy only, and leave nobody behind."""
    dsn: Dsn = getattr(shop, side)
    with proxy.listening() as port:
        monkeypatch.setenv(f"SHOP_{side.upper()}", make_conninfo(dsn.raw, port=port))
        yield
    assert [left(one) for one in (shop.source, shop.target)] == [[], []]


def ends(shop: Shop, step: str, before: dict[str, tuple[int, bool, str]]) -> None:
    """Assert that a run ends at a step, in time, with the old system live."""
    began = time.monotonic()

    status = shop.migrate("--execute")

    states = shop.states()
    assert (status, states[step]) == (30, "failed"), shop.outcome["steps"]
    assert time.monotonic() - began < _PATIENCE
    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]
    assert not list(shop.runs[0].glob("*.part"))


def left(side: Dsn) -> list[str]:
    """Return the sessions of ours that are still there once they had time to notice."""
    found: list[str] = []
    for _ in range(50):
        with psycopg.connect(side.of("postgres").raw) as conn:
            asked = "select application_name from pg_stat_activity where application_name ~ %s"
            found = [name for (name,) in conn.execute(asked, ("^gatepost",))]
        if not found:
            break
        time.sleep(0.1)
    return found


@pytest.mark.parametrize(
    "archive",
    ["custom", pytest.param("directory", marks=pytest.mark.long)],
)
def test_source_that_is_cut_off_in_the_dump(
    lines: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, archive: str
) -> None:
    begun = begun_mark(lines, tmp_path, "dump", f'format = "{archive}"')
    before = lines.databases()

    with through(Proxy(port(lines.source), begun.exists, 200_000), lines, "source", monkeypatch):
        ends(lines, "dump", before)


@pytest.mark.long
def test_source_that_falls_silent_in_the_dump_is_given_up_at_the_deadline(
    lines: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun = begun_mark(lines, tmp_path, "dump", 'deadlines = {dump = "5 s"}')
    before = lines.databases()

    proxy = Proxy(port(lines.source), begun.exists, 200_000, silent=True)
    with through(proxy, lines, "source", monkeypatch):
        ends(lines, "dump", before)


@pytest.mark.long
def test_target_that_is_cut_off_in_the_restore_and_comes_back(
    lines: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun = begun_mark(lines, tmp_path, "restore")
    before = lines.databases()

    with through(Proxy(port(lines.target), begun.exists, 200_000), lines, "target", monkeypatch):
        ends(lines, "restore", before)


@pytest.mark.long
@pytest.mark.parametrize("side", ["source", "target"])
def test_side_that_is_cut_off_in_the_data_gate(
    lines: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, side: str
) -> None:
    lines.declare()
    before = lines.databases()

    def asked() -> bool:
        return any(tmp_path.glob("gatepost-runs/2*/data"))

    proxy = Proxy(port(getattr(lines, side)), asked, 500)
    with through(proxy, lines, side, monkeypatch):
        ends(lines, "data gate", before)


def port(dsn: Dsn) -> int:
    """Return the port of a server."""
    return int(dsn.parameters["port"])
