"""Does the wheel, installed and away from the clone, do what the README says?

Run by `tox -e wheel` in an empty folder; a script, because its checks are run by pytest themselves.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import gatepost
from gatepost import database, embedded

CLONE = Path(__file__).resolve().parents[1]
SCHEMA = """
create table public.users (id int primary key, name text);
insert into public.users select g, 'user ' || g from generate_series(1, 100) as g;
create table public.posts (id int primary key, by int references public.users);
insert into public.posts select g, g from generate_series(1, 50) as g;
"""


def told(*command: str, expected: int, **environ: str) -> str:
    """Run a command and return what it said; its exit status must be the expected one."""
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, **environ}
    )
    said = done.stdout + done.stderr
    assert done.returncode == expected, f"{command}: exit status {done.returncode}\n{said}"
    return said


def main() -> None:
    """Try it all."""
    assert gatepost.__file__ is not None
    assert not Path(gatepost.__file__).is_relative_to(CLONE / "gatepost"), "not the wheel"
    for room in ("checks", "fixtures", "reports", "runner"):
        assert importlib.util.find_spec(room) is None, f"{room} was installed at top level"
    gate = [sys.executable, "-m", "pytest", "--pyargs", "gatepost.checks", "-q"]
    with embedded.running(16, durable=False) as old, embedded.running(18, durable=False) as new:
        for server in (old, new):
            with contextlib.closing(database.maintenance(server.dsn())) as conn:
                conn.execute("create database shop")
        with contextlib.closing(database.maintenance(old.dsn("shop"))) as conn:
            conn.execute(SCHEMA)
        addresses = {"GATEPOST_SOURCE": old.url("shop"), "GATEPOST_TARGET": new.url("shop")}
        project = Path("shop")
        project.mkdir(exist_ok=True)
        (project / "gatepost.toml").write_text(
            'name = "shop"\n[source]\nurl = "${GATEPOST_SOURCE}"\n'
            '[targets.prod]\nurl = "${GATEPOST_TARGET}"\n',
            encoding="utf-8",
        )
        here = f"--project={project}"
        schema = [str(Path(sys.executable).with_name("gatepost")), "schema"]
        told(*schema, "dump", f"--source={old.url('shop')}", "--out=shop.txt", expected=0)
        assert "public.users: missing after" in told(
            *schema, "diff", "shop.txt", new.url("shop"), expected=1
        )
        assert "NO-GO" in told(*gate, "--gate=data", here, expected=1, **addresses)
        runner = [str(Path(sys.executable).with_name("gatepost")), "migrate", "--target=prod", here]
        assert "nothing was touched" in told(*runner, expected=0, **addresses)
        sys.stdout.write(told(*runner, "--execute", expected=0, **addresses))
        assert "GO: " in told(*gate, "-n2", here, "--target=prod", expected=0, **addresses)
        (file,) = (project / "gatepost-runs").glob("*/run.json")
        assert json.loads(file.read_text(encoding="utf-8"))["word"] == "GO"
        assert file.with_name("report.html").stat().st_size > 0
    sys.stdout.write("the wheel does what it says\n")


if __name__ == "__main__":
    main()
