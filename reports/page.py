"""How does a verdict become one HTML file?  It opens from disk and fetches nothing.

Allure 3 draws the results; the verdict's own header goes on top of its page, its analytics go out.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatepost import run_file, verdict_file
from gatepost.errors import ToolFailed, UsageError
from gatepost.settings import GATES

from . import allure_view, apart, banner, node, summary
from .node import HINT, available

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gatepost.run_file import Run
    from gatepost.verdict_file import Record

    from .banner import Head

__all__ = ["HINT", "available", "build", "build_all"]

# Fetched from nowhere: all that the page needs is in it.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "style-src 'unsafe-inline' data: blob:; img-src data: blob:; font-src data:; "
    "media-src data: blob:; connect-src data: blob:; frame-src data: blob:; worker-src blob:; "
    "form-action 'none'"
)
# What failed and why, before what did not.
_CAUSES_FIRST = '<script>if (!location.hash) location.replace("#categories")</script>'
_HIDDEN = ("host", "thread", "framework", "language", "package", "parentSuite", "suite", "subSuite")
_ANALYTICS = re.compile(
    r"<script[^>]*>(?:(?!</script>).)*(?:googletagmanager|gtag\(|dataLayer)(?:(?!</script>).)*</script>"
    r"|<script[^>]+googletagmanager[^>]*>\s*</script>",
    re.DOTALL,
)


def build(folder: Path, say: Callable[[str], None]) -> Path:
    """Build ``folder``/report.html from what the folder holds, and return its path.

    :param folder: of one gate, or of a whole migration (with a run.json).
    :param say: told in one line when something is installed first.
    :raises UsageError: there is no verdict, or no results, in the folder.
    :raises ToolFailed: Node or Allure did not do its work.

    About two seconds for 500 checks.
    """
    folder = folder.resolve()  # Node works in a folder of its own
    run = run_file.read(folder)
    with tempfile.TemporaryDirectory(prefix="gatepost-") as name:
        work = Path(name)
        if run is None:
            head, results = _gate(folder)
        else:
            head, results = _run(run, folder, work)
        config = work / "allurerc.json"
        config.write_text(json.dumps(_config(head)), encoding="utf-8")
        made = work / "page"
        arguments = ["generate", "--config", str(config), "--output", str(made), "--cwd", name]
        node.allure([*arguments, *map(str, results)], say)
        _whole(made, results)
        page = _finished(_only_page(made), head)
    part = folder / f"{verdict_file.REPORT}.part"
    part.write_text(page, encoding="utf-8")
    return part.replace(folder / verdict_file.REPORT)


def build_all(folder: Path, say: Callable[[str], None]) -> Path:
    """Build report.html and every summary.md anew, and return the report's path."""
    run = run_file.read(folder)
    if run is None:
        summary.write(verdict_file.read(folder), folder)
    else:
        gates = _judged(run, folder)
        for gate, record in gates.items():
            summary.write(record, gate)
        summary.write_run(run, {gate.name: one for gate, one in gates.items()}, folder)
    return build(folder, say)


def _gate(folder: Path) -> tuple[Head, list[Path]]:
    return banner.of_gate(verdict_file.read(folder)), [_results(folder)]


def _run(run: Run, folder: Path, work: Path) -> tuple[Head, list[Path]]:
    gates = _judged(run, folder)
    remarks = dict.fromkeys(remark for one in gates.values() for remark in one.remarks)
    allure_view.write_steps(run, work / "steps", tuple(remarks))
    # A gate that was killed has a verdict, which says so, and no results.
    ended = {gate: one for gate, one in gates.items() if one.problems != (verdict_file.UNFINISHED,)}
    results = [_told_apart(gate, one, work) for gate, one in ended.items()]
    return banner.of_run(run, list(gates.values())), [*results, work / "steps"]


def _told_apart(gate: Path, record: Record, work: Path) -> Path:
    if gate.name == record.gate:
        return _results(gate)
    return apart.copied(_results(gate), record.gate, gate.name, work / gate.name)


def _judged(run: Run, folder: Path) -> dict[Path, Record]:
    """Return the verdicts of a run's gates by folder; a gate that never began has none.

    :raises UsageError: a verdict is not what the run says, so that one of the two is wrong.
    """
    judged = {}
    for one in run.gates:
        gate = folder / one.folder
        if one.word == "INCOMPLETE" and not (gate / verdict_file.FILE).exists():
            continue
        record = judged[gate] = verdict_file.read(gate)
        if one.word != record.verdict:
            raise UsageError(
                f"{folder}: run.json says {one.word} of the {one.gate} gate, "
                f"its own verdict {record.verdict}"
            )
    if run.word == "GO" and {one.word for one in run.gates} != {"GO"}:
        raise UsageError(f"{folder}: run.json says GO, but not of each of its gates")
    return judged


def _results(folder: Path) -> Path:
    results = folder / verdict_file.ALLURE
    if not results.is_dir():
        raise UsageError(
            f"no {verdict_file.ALLURE} in {folder}", hint="they are written when a gate ends"
        )
    return results


def _config(head: Head) -> dict[str, Any]:
    """Return Allure's configuration: the verdict is the page's name."""
    return {
        "name": head.title,
        "hideLabels": list(_HIDDEN),
        "categories": {"rules": list(_categories())},
        "plugins": {
            "awesome": {
                "options": {
                    "singleFile": True,
                    "layout": "split",
                    "groupBy": ["epic", "feature"],
                    "defaultSortBy": "status,asc",
                    "stepTreeExpansion": "expand_failed_only",
                    "theme": "auto",
                    "reportLanguage": "en",
                }
            }
        },
    }


def _categories() -> list[dict[str, Any]]:
    """Return where a result is listed: the first rule that fits counts."""
    itself = {"labels": {"epic": allure_view.RUN_ITSELF}, "statuses": ["failed", "broken"]}
    waived = {"labels": {"tag": allure_view.WAIVED}}
    # What differs comes first: that a step failed for it only follows.
    places = (*GATES, run_file.TRIAL)
    differs = [{"labels": {"epic": f"{one} gate"}, "statuses": ["failed"]} for one in places]
    by_cause = ("Not the same", "Waived")
    rules: list[tuple[str, Any, bool]] = [
        ("Not the same", differs, True),
        ("The run itself did not go well", itself, True),
        ("Not asked", {"statuses": ["broken", "unknown"]}, True),
        ("Waived", waived, False),
        ("Not applicable, or not reached", {"statuses": ["skipped"]}, False),
    ]
    return [
        {
            "name": name,
            "matchers": matcher,
            "groupBy": ["severity", *[{"label": allure_view.CAUSE}] * (name in by_cause)],
            "groupByMessage": name not in by_cause,
            "expand": expand,
        }
        for name, matcher, expand in rules
    ]


def _whole(made: Path, results: Sequence[Path]) -> None:
    """Refuse a page on which results are missing: it would look better than the truth."""
    there = sum(1 for folder in results for _ in folder.glob("*-result.json"))
    stats = json.loads((made / "summary.json").read_text(encoding="utf-8"))["stats"]
    if stats["total"] != there:
        raise ToolFailed(f"Allure shows {stats['total']} of {there} results")


def _only_page(folder: Path) -> str:
    pages = sorted(folder.rglob("index.html"))
    if len(pages) != 1:
        raise ToolFailed(f"Allure made {len(pages)} pages where one was asked for")
    return pages[0].read_text(encoding="utf-8")


def _finished(page: str, head: Head) -> str:
    """Return Allure's page with our header, without its analytics, and closed to the network."""
    page = _ANALYTICS.sub("", page)
    top = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    if head.word != "GO":
        top += _CAUSES_FIRST
    page, heads = re.subn(r"<head[^>]*>", lambda m: m[0] + top, page, count=1)
    page, bodies = re.subn(r"<body[^>]*>", lambda m: m[0] + banner.html(head), page, count=1)
    if not heads or not bodies:
        raise ToolFailed("Allure's page has no head or no body: where would the verdict stand?")
    return page
