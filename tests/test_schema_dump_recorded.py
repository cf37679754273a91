"""Does a recorded baseline tell what its source declared, and refuse what it lacks?"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import baseline, baseline_file, project_file, recorded, verdict_file
from gatepost.errors import NotRecorded
from gatepost.origin import Source
from gatepost.schema import dump
from tests.test_schema_dump import told
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

    Make = Callable[..., Dsn]

SHOP = """
create table users (id int primary key, name varchar(20) not null default 'nobody');
create view names as select name from users;
create schema audit;
create table audit.log (what text);
create function audit.clean() returns int language plpgsql as 'begin\r\n\n\treturn 1;  \nend';
comment on table users is 'true';
"""


@pytest.fixture
def kept(server16: Server, database16: Make, tmp_path: Path) -> tuple[Dsn, Path]:
    """A database, and the baseline that was recorded of it."""
    source = database16(SHOP)
    file = tmp_path / "shop.json"
    chosen = project_file.load(tmp_path, server16.url("postgres"), source.raw)
    baseline.record(chosen, baseline.Request(file))
    return source, file


def resealed(file: Path, **facts: Any) -> None:
    """Change facts of a baseline as if it had been recorded so; None for one that was not."""
    data = json.loads(file.read_bytes())
    for name, fact in facts.items():
        data["facts"][f"before {name}"] = fact
        if fact is None:
            del data["facts"][f"before {name}"]
    data["sha256"] = baseline_file.UNSEALED
    text = json.dumps(data, indent=2, ensure_ascii=False).encode() + b"\n"
    sealed = hashlib.sha256(text).hexdigest().encode()
    file.write_bytes(text.replace(baseline_file.UNSEALED.encode(), sealed, 1))


def test_baseline_tells_what_its_source_declared(
    kept: tuple[Dsn, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    source, file = kept

    assert dump.of(f"baseline:{file}") == dump.of(source.raw)
    assert told(capfd, "diff", f"baseline:{file}", source.raw)[0] == 0


@pytest.mark.parametrize("fact", ["configuration", "privileges"])
def test_baseline_from_before_a_fact_existed_is_refused(
    fact: str, kept: tuple[Dsn, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    _, file = kept
    resealed(file, **{fact: None})

    status, out, err = told(capfd, "dump", f"--source=baseline:{file}")
    assert (status, out) == (4, "")
    assert err.splitlines()[0] == f"'{fact}' was not recorded in baseline shop.json"


def test_fact_that_was_recorded_in_another_form_is_not_taken_for_it(
    kept: tuple[Dsn, Path], tmp_path: Path
) -> None:
    _, file = kept
    resealed(file, privileges={"public": "all"})
    side = recorded.opened(file, Source(), tmp_path)

    with pytest.raises(NotRecorded, match="'privileges' was recorded in another form"):
        _ = side.privileges


@pytest.mark.slow
def test_gate_is_incomplete_without_facts_that_an_older_baseline_lacks(
    kept: tuple[Dsn, Path], database18: Make, tmp_path: Path
) -> None:
    _, file = kept
    resealed(file, configuration=None, privileges=None)
    sides = (f"--source=baseline:{file}", f"--target={database18(SHOP).raw}", "--gate=data")

    done = gate(*sides, f"--project={tmp_path}", f"--gatepost-out={tmp_path}", "-n0")
    verdict = verdict_file.read(tmp_path)
    assert (done.returncode, verdict.verdict) == (7, "INCOMPLETE"), done.stdout
    assert {one.check for one in verdict.not_asked} >= {"settings", "privileges"}
    assert all("was not recorded in baseline" in one.reason for one in verdict.not_asked)
