"""How does a test run an example's demo, and read what it said?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(example: str, *options: str) -> tuple[int, str]:
    """Run a demo; return its exit status and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", f"examples.{example}.demo", *options],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        timeout=900,
    )
    return done.returncode, done.stdout + done.stderr


def told(said: str) -> str:
    """Return what came of it: the lines that say no, and what stands below them."""
    lines = said.splitlines()
    starts = [n for n, line in enumerate(lines) if line.startswith(("  no  ", "  failed"))]
    return "\n".join(lines[starts[0] :]) if starts else said.partition("planting")[2]
