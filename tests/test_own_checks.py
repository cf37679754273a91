"""Does a check of a project's own count like ours, as docs/writing-checks.md says?"""

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

ORDERS = "create table orders (id int primary key, total int); insert into orders values (1, 7)"
OWN = '''
"""What customers owe us in all did not change by a cent."""

def test_total_owed_is_unchanged(before, after, evidence):
    was, now = (side.value("select sum(total) from orders") for side in (before, after))
    evidence.record("total owed", before=was, after=now)
    assert now == was, f"owed {was} before, {now} after"

def test_writing_is_refused(after):
    after.value("insert into orders values (2, 0) returning id")
'''


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_own_check_counts_in_the_verdict(
    database16: Make, database18: Make, tmp_path: Path, workers: str
) -> None:
    before, after = database16(ORDERS), database18(ORDERS)
    run(after, "update orders set total = 8")
    run(after, "analyze")
    file = tmp_path / "test_money.py"
    file.write_text(OWN, encoding="utf-8")
    sides = (f"--source={before.raw}", f"--target={after.raw}", "--gate=data")
    done = gate(str(file), *sides, f"--gatepost-out={tmp_path / 'out'}", workers)
    record = verdict_file.read(tmp_path / "out")

    assert done.returncode == 1, done.stdout
    assert {f"{one.check} {one.subject}" for one in record.findings} == {
        "rows public.orders",
        "columns public.orders",
        "money total_owed_is_unchanged",
    }
    assert "owed 7 before, 8 after" in done.stdout
    (unasked,) = record.not_asked
    assert f"{unasked.check} {unasked.subject}" == "money writing_is_refused"
    assert "read-only transaction" in unasked.reason
