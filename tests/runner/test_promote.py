"""Does what a run on staging leaves behind open the way to production, and nothing less?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gatepost import seal, verdict_file
from tests.runner.conftest import SOURCE
from tests.runner.crashes import say
from tests.runner.prisma import BIO, CHAIN, INIT, declare
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.verdict_file import Record
    from tests.runner.conftest import Shop

pytestmark = [pytest.mark.slow, pytest.mark.long]

PROMOTE = """
[targets.next]
url = "${SHOP_NEXT}"
strategy = "in-place"
[promote]
from = "prod"
to = ["next"]
"""


def asked(shop: Shop, out: Path) -> Record:
    """Return what the pre gate says of the target to which the release comes next."""
    source = "--source=" + _next(shop)
    gate("--target=next", f"--project={shop.folder}", f"--gatepost-out={out}", source, "--gate=pre")
    return verdict_file.read(out)


def _next(shop: Shop) -> str:
    return (shop.folder / "next").read_text()


@pytest.fixture
def both(live: Shop, database18: Callable[..., Dsn], monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop that has gone through a migration where it goes first."""
    other = database18(SOURCE)
    monkeypatch.setenv("SHOP_NEXT", other.raw)
    (live.folder / "next").write_text(other.raw)
    declare(live, CHAIN, more=PROMOTE)
    with_ledger(live, other)
    assert live.migrate("--execute") == 0
    return live


def with_ledger(shop: Shop, other: Dsn) -> None:
    """Let the next database have come as far as the first had."""
    first = shop.target
    shop.target = other
    declare(shop, CHAIN, more=PROMOTE)
    shop.target = first


def findings(record: Record) -> list[str]:
    return [one.message for one in record.findings if one.check == "promote"]


def test_run_that_went_well_opens_the_way_until_a_migration_is_another(
    both: Shop, tmp_path: Path
) -> None:
    (left,) = both.runs
    document = json.loads((left / "data" / verdict_file.FILE).read_text())
    assert seal.holds(document)
    assert [one["name"] for one in document["migrations"]] == sorted(CHAIN)

    found = asked(both, tmp_path / "first")
    assert findings(found) == []
    (note,) = (one.note for one in found.notes if one.check == "promote")
    assert note.endswith("(pre, data), 4 migrations")

    script = both.folder / "prisma" / "migrations" / BIO / "migration.sql"
    script.write_text(script.read_text() + "DROP TABLE users;\n")
    (finding,) = findings(asked(both, tmp_path / "second"))
    assert f"{BIO} is another file: sha256 " in finding
    assert INIT not in finding


def test_run_that_was_taken_back_after_its_go_opens_no_way(both: Shop, tmp_path: Path) -> None:
    assert say(both, "rollback", "--execute") == 20

    (finding,) = findings(asked(both, tmp_path / "after"))

    assert finding.endswith("it was taken back after its GO: ROLLED BACK")
