"""What does it cost to look at ten thousand media files, on both disks and through a server?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from benchmarks import clock
from benchmarks.report import Report
from gatepost import embedded, media, rooms
from gatepost.http import Client
from gatepost.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.bench import Bench

_FILES = 10_000
_MILLI = 1e3
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


def measure(bench: Bench) -> Iterator[Report]:
    """Measure the disks alone, and the disks with a HEAD request a file."""
    files = round(_FILES * bench.scale)
    folder = Path(tempfile.mkdtemp(prefix="gatepost-media-"))
    try:
        roots = [_tree(folder / side, files) for side in ("before", "after")]
        names = sorted(f"/m/{at % 100}/{at}.png" for at in range(files))  # as the servers sort
        paths = [media.MediaPath(name, 1) for name in names]
        port = embedded.free_port()
        server = _serving(roots[1], port)
        try:
            base = f"http://127.0.0.1:{port}"
            runs = {
                "both disks": _compared(paths, roots, ""),
                "both disks, and each by HTTP": _compared(paths, roots, base),
            }
            took = clock.wall(runs, bench.rounds)
        finally:
            server.terminate()
            server.wait(30)
    finally:
        shutil.rmtree(folder)
    yield Report(
        f"{files:,} media files: form, exact case, content and identity",
        ("asked", "wall s", "wall ms/file"),
        tuple((name, one, one.times(_MILLI / files)) for name, one in took.items()),
    )


def _compared(paths: list[media.MediaPath], roots: list[Path], base: str) -> Callable[[], object]:
    def compare() -> object:
        with Client(base, Limits()) as client:
            was = media.place((str(roots[0]),), "", Path())
            now = media.place((str(roots[1]),), base, Path())
            found = media.compare(iter(paths), iter(paths), was, now, client)
            assert not found.findings("public.files.path", masked=False)
            return found

    return compare


def _tree(root: Path, files: int) -> Path:
    for at in range(files):
        file = root / "m" / str(at % 100) / f"{at}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_PNG + str(at).encode())
    return root


def _serving(root: Path, port: int) -> subprocess.Popen[bytes]:
    """Start the example's application, which serves files without asking its database."""
    server = subprocess.Popen(
        [sys.executable, "-m", "examples.fonana.app", f"--port={port}", f"--media={root}"],
        env={**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"},
        cwd=rooms.start_folder(),
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urlopen(f"http://127.0.0.1:{port}/m/0/0.png", timeout=1).close()
        except (URLError, HTTPError, ConnectionError):
            time.sleep(0.05)
        else:
            break
    return server
