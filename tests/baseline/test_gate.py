"""Does a gate say of a baseline all that it would have said of the source?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gatepost import handover, project_file, session, verdict_file
from gatepost.errors import UsageError
from runner.__main__ import main
from tests.baseline.shop import PLANTED, WITHOUT_KEYS_ASKED, chosen
from tests.serving import serving
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_gate_says_go_when_the_source_is_gone(
    file: Path, shop18: Dsn, tmp_path: Path, workers: str
) -> None:
    sides = (f"--source=baseline:{file}", f"--target={shop18.raw}", "--gate=data")
    done = gate(*sides, f"--project={tmp_path}", f"--gatepost-out={tmp_path}", workers)
    record = verdict_file.read(tmp_path)

    assert (done.returncode, record.verdict) == (0, "GO"), done.stdout
    assert record.not_asked == ()
    assert "baseline of 20" in done.stdout


@pytest.mark.slow
def test_every_class_of_fault_is_found_when_the_source_is_gone(
    file: Path, shop18: Dsn, database18: Make, tmp_path: Path
) -> None:
    after = database18(
        f"{WITHOUT_KEYS_ASKED} delete from users where id = 77;"
        "update users set at = at + interval '3 hours', name = 'x' where id = 500;"
        "update orders set note = null where id = 3; delete from log where a = 5;"
        "drop table people; select setval('tickets', 1);"
        "alter table orders disable trigger all; select lo_put(4242, 0, 'x')",
        template=shop18.dbname,
    )
    sides = (f"--source=baseline:{file}", f"--target={after.raw}", "--gate=data")
    done = gate(*sides, f"--project={tmp_path}", f"--gatepost-out={tmp_path}")
    record = verdict_file.read(tmp_path)

    assert (done.returncode, record.verdict) == (1, "NO-GO"), done.stdout
    assert {f"{one.check} {one.subject}" for one in record.findings} == {
        "columns public.orders",
        "objects large objects",
        "objects triggers",
        "orphans public.orders.u -> public.users.id",
        "rows public.log",
        "rows public.orders",
        "rows public.people",
        "rows public.users",
        "schema public.orders",
        "schema public.people",
        "sequences public.tickets",
    }
    assert PLANTED not in done.stdout


TOML = """
[source]
url = "baseline:{baseline}"
media = ["pictures"]
[targets.prod]
url = "{target}"
app = "{app}"
media = ["pictures"]
[tables."public.people"]
mask = ["email", "born"]
[[endpoints]]
path = "/users"
rows = "users"
count = "select count(*) from users"
[[media]]
column = "public.few.v"
"""


@pytest.mark.slow
def test_app_gate_counts_as_recorded_and_leaves_the_media_unasked(
    file: Path, shop18: Dsn, tmp_path: Path
) -> None:
    def users(_environ: object, start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"users": [{"id": one} for one in range(3000)]}).encode()]

    (tmp_path / "pictures").mkdir()
    with serving(users) as app:
        told = TOML.format(baseline=file, target=shop18.raw, app=app)
        (tmp_path / "gatepost.toml").write_text(told, encoding="utf-8")
        out = f"--gatepost-out={tmp_path / 'out'}"
        done = gate("--target=prod", "--gate=app", f"--project={tmp_path}", out)
    record = verdict_file.read(tmp_path / "out")

    assert (done.returncode, record.verdict) == (7, "INCOMPLETE"), done.stdout
    (unasked,) = record.not_asked
    assert (unasked.check, record.findings) == ("media", ())
    assert "baseline shop.json stands for it" in unasked.reason


def test_baseline_of_the_project_lies_in_its_folder_and_that_of_an_option_in_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "gatepost.toml").write_text(
        '[source]\nurl = "baseline:b.json"\n[targets.prod]\nurl = "postgresql://x/y"\n'
    )
    monkeypatch.chdir(tmp_path)
    given = project_file.load(tmp_path / "project", "prod")
    option = project_file.load(tmp_path / "project", "prod", "baseline:b.json")

    assert given.baseline == tmp_path / "project" / "b.json"
    assert option.baseline == tmp_path / "b.json"
    assert main(["migrate", "--target=prod", "--project=project"]) == 64


def test_pre_gate_cannot_be_asked_of_a_baseline(file: Path, shop18: Dsn) -> None:
    given = chosen(f"baseline:{file}", shop18, file.parent)

    with pytest.raises(UsageError, match="the pre gate asks the source itself"):
        session.begin(given, handover.Request(gate="pre", out=file.parent))
