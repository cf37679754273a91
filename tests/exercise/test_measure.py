"""Is an application used by a run before its gate, and by `gatepost measure` on its own?"""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from gatepost import exercised
from gatepost.exercised import Probed
from runner.__main__ import main
from tests.conftest import run
from tests.exercise.application import SCHEMA, Projects
from tests.runner import in_place
from tests.runner.conftest import Shop, live, shop
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["live", "shop"]  # the fixtures

PROBE = """
[[health]]
path = "/health.json"
p95 = "5 s"
[[probes]]
create = "/api/projects"
body = '{"name": "gatepost {id}", "status": "planning", "members": 3}'
id = "project.id"
query = "select name, status, members from projects where id = %(id)s"
expect = { name = "gatepost {id}", status = "planning", members = 3 }
delete = "/api/projects/{project.id}"
within = "200 ms"
headers = { Authorization = "Bearer ${SHOP_TOKEN}" }
"""


@contextlib.contextmanager
def used(shop: Shop, monkeypatch: pytest.MonkeyPatch, fault: str = "") -> Iterator[None]:
    """Serve an application on the target's database, whichever has its name."""
    monkeypatch.setenv("SHOP_TOKEN", "tiger-7")
    for side in (shop.source, shop.target):
        run(side, SCHEMA)
    with serving(Projects(shop.target, fault).application) as base:
        shop.declare(target=f'app = "{base}"', more=PROBE)
        yield


def projects(shop: Shop) -> int:
    """Return how many projects the target holds."""
    with psycopg.connect(shop.target.raw) as conn:
        (found,) = conn.execute("select count(*) from projects").fetchone() or (0,)
    return int(found)


@pytest.mark.slow
@pytest.mark.long
def test_run_uses_the_application_and_the_gate_judges(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with used(shop, monkeypatch):
        assert shop.migrate("--execute") == 0

    (probed,) = shop.outcome["measured"]["exercised"]["probes"]
    assert probed["problems"] == []
    assert probed["arrived_s"] is not None
    assert projects(shop) == 0
    assert main(["rollback", "--target=prod", f"--project={shop.folder}"]) == 10
    assert "what the run's exercise wrote, and removed again" in capsys.readouterr().out
    assert (
        "accepted in" in {one["name"]: one["detail"] for one in shop.outcome["steps"]}["exercise"]
    )
    record = json.loads((shop.runs[0] / "app" / "verdict.json").read_text())
    assert "probe" not in {one["question"] for one in record["not_planned"]}
    notes = {one["check"]: one["note"] for one in record["notes"]}
    assert notes["probe"] == exercised.told_probe(Probed(**probed))
    assert re.fullmatch(r"p50 .+, p95 .+ of 5 answers; 5\.0 s allowed", notes["health"])
    assert not any("tiger-7" in one.read_text(errors="replace") for one in texts(shop))


@pytest.mark.slow
@pytest.mark.long
def test_save_that_does_nothing_is_a_no_that_goes_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with used(shop, monkeypatch, "nothing"):
        assert shop.migrate("--execute") == 20

    record = json.loads((shop.runs[0] / "app" / "verdict.json").read_text())
    (finding,) = record["findings"]
    assert (finding["check"], finding["subject"]) == ("probe", "/api/projects")
    assert "not in the verified database" in finding["message"]
    assert shop.users() == ["of the old database"]


@pytest.mark.slow
@pytest.mark.long
def test_change_in_place_is_judged_by_the_same_figures(
    live: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "tiger-7")
    run(live.target, SCHEMA)
    with serving(Projects(live.target).application) as base:
        in_place.declare(live, in_place.INDEX, f"{PROBE}{in_place.ACCEPTED}")
        file = live.folder / "gatepost.toml"
        strategy = 'strategy = "in-place"'
        file.write_text(file.read_text().replace(strategy, f'{strategy}\napp = "{base}"'))

        assert live.migrate("--execute") == 0

    record = json.loads((live.runs[0] / "app" / "verdict.json").read_text())
    assert record["counts"]["passed"] == 4, "health, the probe, the downtime, and the drill"
    assert projects(live) == 0


@pytest.mark.parametrize(
    ("fault", "status"), [pytest.param("", 0, marks=pytest.mark.long), ("nothing", 10)]
)
def test_measure_uses_the_application_alone(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: str,
    status: int,
) -> None:
    with used(shop, monkeypatch, fault):
        assert measured(shop, "--execute", "--json") == status
    said = capsys.readouterr()

    (probed,) = json.loads(said.out)["probes"]
    assert bool(probed["problems"]) == bool(fault)
    assert "probe /api/projects: accepted in" in said.err
    assert projects(shop) == 0


def test_token_that_the_application_repeats_is_masked(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with used(shop, monkeypatch, "says no"):
        assert measured(shop, "--execute", "--json") == 10
    said = capsys.readouterr()

    assert "status 200 (not today, ****)" in said.out
    assert "tiger-7" not in said.out + said.err


def test_measure_says_first_what_it_would_write(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with used(shop, monkeypatch):
        assert measured(shop) == 0
    said = capsys.readouterr().out

    assert (
        "would write through the application: 1 row to /api/projects; all of it is removed again"
        in said
    )
    assert "add --execute to do it" in said


def test_measure_says_so_to_programs_too(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with used(shop, monkeypatch):
        assert measured(shop, "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert not told["written"]
    assert "1 row to /api/projects" in told["would"]


def test_measure_without_anything_to_measure_is_refused(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measured(shop, "--execute") == 64

    assert "nothing to measure on target 'prod'" in capsys.readouterr().err


def measured(shop: Shop, *arguments: str) -> int:
    """Say `measure`."""
    return main(["measure", "--target=prod", f"--project={shop.folder}", *arguments])


def texts(shop: Shop) -> list[Any]:
    """Return the files that a run has left, the archive apart."""
    return [one for one in shop.runs[0].rglob("*") if one.is_file() and one.suffix != ".dump"]
