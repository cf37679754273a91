"""Does a whole migration go through ssh, its gates and programs included?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.__main__ import main
from tests.tunnels import behind, calls, stand_in_on_path

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.embedded import Server

    from .conftest import Shop

pytestmark = pytest.mark.slow


def test_servers_behind_ssh_are_moved_through_one_tunnel_each(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (there := tmp_path / "ssh").mkdir()
    stand_in_on_path(there, monkeypatch)
    monkeypatch.setenv("SHOP_SOURCE", behind(shop.source).raw)
    monkeypatch.setenv("SHOP_TARGET", behind(shop.target).raw)

    assert shop.migrate("--execute") == 0

    assert shop.outcome["word"] == "GO"
    assert shop.users() != ["of the old database"]
    assert len(calls(there)) == 2


@pytest.mark.long
def test_backup_is_restored_on_a_server_behind_ssh(
    shop: Shop, server18: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (there := tmp_path / "ssh").mkdir()
    stand_in_on_path(there, monkeypatch)
    monkeypatch.setenv("SHOP_SCRATCH", behind(server18.dsn()).raw)
    shop.declare(more='[backup]\nscratch = "${SHOP_SCRATCH}"')

    given = ["--target=prod", f"--project={shop.folder}", "--of=source"]

    assert main(["backup", *given]) == 0
    assert len(calls(there)) == 1


def test_run_that_ssh_keeps_out_has_touched_nothing(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (there := tmp_path / "ssh").mkdir()
    stand_in_on_path(there, monkeypatch)
    (there / "refuse").write_text("Host key verification failed.", encoding="utf-8")
    monkeypatch.setenv("SHOP_SOURCE", behind(shop.source).raw)
    before = shop.databases()

    assert shop.migrate("--execute") == 64

    assert "ssh: Host key verification failed." in capsys.readouterr().err
    assert shop.is_as_before(before)
    assert shop.runs == []


def test_status_and_abort_need_no_way_to_the_source(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (there := tmp_path / "ssh").mkdir()
    stand_in_on_path(there, monkeypatch)
    (there / "refuse").write_text("Host key verification failed.", encoding="utf-8")
    monkeypatch.setenv("SHOP_SOURCE", behind(shop.source).raw)
    given = ["--target=prod", f"--project={shop.folder}"]

    assert main(["status", *given]) == 0
    assert main(["abort", *given]) != 64
