"""Is what we have started and lost hold of ended when we die, and only then?"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import sys, time
from gatepost import lifeline
with lifeline.heir('touch "$1"', sys.argv[1]):
    print("in", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "ended"])
def test_heir_acts_if_we_are_killed_and_not_if_we_end(tmp_path: Path, killed: bool) -> None:
    mark = tmp_path / "a mark"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(mark)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == b"in\n"
        if killed:
            child.kill()
        else:
            child.stdin.write(b"\n")
            child.stdin.flush()
        child.wait()
    deadline = time.monotonic() + (10 if killed else 0.5)
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.05)

    assert mark.exists() == killed
