"""Is the verdict the same, word for word, however many connections and workers came to it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import verdict_file
from tests.conftest import run
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

pytestmark = pytest.mark.slow

# A table of several slices, tables beside it, one without a key, one with a text for a key.
SHOP = """
create table big (id int primary key, said text);
alter table big alter said set storage plain;
insert into big select g, rpad('row ' || g, 1900, '.') from generate_series(1, 45000) as g;
create table log (said text, at timestamptz);
insert into log select 'line ' || g % 50, timestamptz '2024-05-01' + g % 50 * interval '1 min'
from generate_series(1, 400) as g;
create table people (email text primary key, name text, city text);
insert into people select g || '@example.com', 'name ' || g, 'city ' || g % 7
from generate_series(1, 3000) as g;
create table nothing (id int primary key);
analyze;
"""
DAMAGE = """
update big set said = upper(said) where id in (1, 22000, 45000); delete from big where id = 33;
insert into log select * from log limit 3; delete from log where said = 'line 7';
update people set city = null where city = 'city 3'; insert into people values ('new', '', '');
analyze;
"""
WAYS = {
    "1 connection": (1, "-n0"),
    "8 connections": (8, "-n0"),
    "1 worker": (4, "-n1"),
    "4 workers": (4, "-n4"),
}


@pytest.mark.parametrize(
    "damage", [pytest.param("", marks=pytest.mark.long), DAMAGE], ids=["alike", "damaged"]
)
def test_verdict_is_the_same_whoever_did_the_work(
    database16: Make, database18: Make, tmp_path: Path, damage: str
) -> None:
    before, after = database16(SHOP), database18(SHOP)
    run(after, damage or "select 1")
    said = {}
    for way, (connections, workers) in WAYS.items():
        folder = tmp_path / way.replace(" ", "-")
        folder.mkdir()
        (folder / "gatepost.toml").write_text(
            f'[source]\nurl = "{before.raw}"\n[targets.test]\nurl = "{after.raw}"\n'
            f"[limits]\nconnections = {connections}\n",
            encoding="utf-8",
        )
        given = ("--target=test", "--gate=data", f"--project={folder}", "--gatepost-no-report")
        done = gate(*given, f"--gatepost-out={folder / 'out'}", workers)
        record = verdict_file.read(folder / "out")
        assert done.returncode == record.exit_status == bool(damage), done.stdout
        found = [(one.check, one.subject, one.message) for one in record.findings]
        notes = [(one.check, one.subject, one.note) for one in record.notes]
        said[way] = (record.headline, found, notes, record.remarks)

    first = said.pop("1 connection")
    assert said == dict.fromkeys(said, first)
    assert len(first[1]) == (3 if damage else 0)
    (compared,) = first[3]
    assert "64-bit hashes" in compared
    assert "1 in 10^" in compared
