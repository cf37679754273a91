"""Does a migration leave a baseline behind by which the new database can be verified later?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gatepost import baseline_file, verdict_file
from tests.runner.conftest import execute
from tests.test_usage import gate

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow


def verified(shop: Shop, file: Path) -> subprocess.CompletedProcess[str]:
    """Compare the live target with a baseline."""
    return gate(
        f"--source=baseline:{file}",
        f"--target={shop.target.raw}",
        "--gate=data",
        f"--project={shop.folder}",
        f"--gatepost-out={shop.folder / 'later'}",
    )


def test_baseline_of_a_run_verifies_the_new_database_afterwards(shop: Shop) -> None:
    assert shop.migrate("--execute") == 0

    (run,) = shop.runs
    file = run / "baseline.json"
    known = baseline_file.read(file)
    dump = next(step for step in shop.outcome["steps"] if step["name"] == "dump")
    journal = [json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines()]
    done = next(line for line in journal if (line["event"], line["step"]) == ("done", "dump"))
    assert known.snapshot == shop.outcome["before"]["snapshot"]
    assert "baseline.json beside it" in dump["detail"]
    assert "baseline.json beside it" in done["detail"]
    assert sorted(one.name for one in run.glob("*.part")) == []

    execute(shop.source.of("postgres"), f"drop database {shop.source.dbname} with (force)")
    execute(shop.source.of("postgres"), f"create database {shop.source.dbname}")
    assert verified(shop, file).returncode == 0

    execute(shop.target, "delete from public.posts where id = 7")
    later = verified(shop, file)
    assert later.returncode == 1
    assert "posts" in verdict_file.read(shop.folder / "later").findings[0].subject


@pytest.mark.long
def test_data_gate_of_a_run_reads_of_the_source_only_what_was_not_recorded(shop: Shop) -> None:
    assert shop.migrate("--execute") == 0

    (run,) = shop.runs
    known = baseline_file.read(run / "baseline.json")
    (facts,) = (run / "facts").glob("before-*")
    digests = [file for file in facts.glob("*.json") if '"keys"' in file.read_text()]
    written = {file.stat().st_mtime for file in digests}
    assert len(digests) == len(known.relations) == 2
    assert max(written) <= known.finished.timestamp()
