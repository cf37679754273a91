"""Can nobody read GO from a `verdict.json` that does not say so?"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import verdict_file
from gatepost.decision import decide
from gatepost.errors import UsageError
from gatepost.gate import Gate
from gatepost.origin import Source
from gatepost.settings import Project, Settings, Target
from gatepost.verdict import (
    Answer,
    Attachment,
    Check,
    NotPlanned,
    Planned,
    Run,
    SideInfo,
    Verdict,
)
from gatepost.waivers import Waiver

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 8, 1, 12, tzinfo=dt.UTC)
BEFORE = SideInfo("127.0.0.1:5432", "shop", "16.10", "7301", "00000003-1")
AFTER = SideInfo("127.0.0.1:5433", "shop_next", "18.1", "7302")
USERS, POSTS, LIKES = (Check("rows", name) for name in ("users", "posts", "likes"))
THREE = (USERS, POSTS, LIKES)
WAIVER = Waiver(
    check="rows", subject="posts", reason="made anew", until=dt.date(2027, 1, 1), by="owner"
)


def gate(folder: Path) -> Gate:
    return Gate(
        name="data",
        label="20260801-120000",
        started=NOW,
        out=folder,
        settings=Settings(
            project=Project(name="shop"),
            folder=folder,
            target_name="prod",
            target=Target(url="postgresql://h/after"),
            source=Source(url="postgresql://h/before"),
        ),
        plan=(Planned(USERS, "data"), Planned(POSTS, "data")),
        not_planned=(NotPlanned("health", "no [[health]]"),),
        before=BEFORE,
        after=AFTER,
    )


def verdict(*answers: Answer) -> Verdict:
    finished = NOW + dt.timedelta(seconds=2.5)
    run = Run("data", "shop", "prod", "20260801-120000", NOW, finished, {}, BEFORE, AFTER)
    plan = [Planned(USERS, "data", "critical"), Planned(POSTS, "data"), Planned(LIKES, "data")]
    return decide(run, plan, answers, waivers=[WAIVER])


def go() -> Verdict:
    return verdict(*(Answer(check, "yes") for check in THREE))


def mixed(body: str = "2 before, 1 after") -> Verdict:
    kept = (Attachment("rows", body),)
    return verdict(
        Answer(USERS, "no", "users: 2 before, 1 after", ("no primary key",), kept),
        Answer(POSTS, "no", "posts: 9 before, 8 after"),
    )


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    written = verdict_file.write(mixed(), tmp_path)
    assert verdict_file.read(tmp_path) == verdict_file.read(tmp_path / "verdict.json") == written
    assert written.headline == "NO-GO: 1 of 3 checks did not pass, 1 not asked"
    assert [one.subject for one in written.blocking] == ["users"]
    assert [one.waiver for one in written.waived] == [WAIVER]


def test_the_file_has_the_promised_fields(tmp_path: Path) -> None:
    verdict_file.write(mixed(), tmp_path)
    data: dict[str, Any] = json.loads((tmp_path / "verdict.json").read_text())
    assert data["schema_version"] == 1
    assert (data["verdict"], data["exit_status"], data["duration_s"]) == ("NO-GO", 1, 2.5)
    assert (data["gate"], data["project"], data["target"]) == ("data", "shop", "prod")
    assert data["sides"]["before"]["snapshot"] == "00000003-1"
    assert data["counts"] == {
        "planned": 3,
        "passed": 0,
        "failed": 1,
        "waived": 1,
        "not_applicable": 0,
        "not_asked": 1,
    }
    first, second = data["findings"]
    assert (first["check"], first["subject"], first["priority"]) == ("rows", "users", "critical")
    assert first["evidence"][0]["body"] == "2 before, 1 after"
    assert "waiver" not in first
    assert second["waiver"]["reason"] == "made anew"
    assert data["not_asked"][0]["subject"] == "likes"


def test_causes_are_written_and_follow_from_the_findings_when_read(tmp_path: Path) -> None:
    answers = [Answer(check, "no", f"{check.subject}: 2 rows before, 1 after") for check in THREE]
    verdict_file.write(verdict(*answers), tmp_path)
    file = tmp_path / "verdict.json"
    data: dict[str, Any] = json.loads(file.read_text())
    told = [(one["count"], one["subjects"], one["message"]) for one in data["causes"]]
    assert told == [
        (1, ["users"], "users: 2 rows before, 1 after"),
        (1, ["likes"], "likes: 2 rows before, 1 after"),
        (1, ["posts"], "posts: 2 rows before, 1 after"),
    ]
    assert ["waiver" in one for one in data["causes"]] == [False, False, True]
    del data["causes"]  # as a version wrote it that knew of none
    file.write_text(json.dumps(data))
    assert [one.subjects for one in verdict_file.read(file).causes] == [
        ("users",),
        ("likes",),
        ("posts",),
    ]


def test_the_evidence_digest_follows_the_evidence(tmp_path: Path) -> None:
    one, same, other = (
        verdict_file.write(mixed(body), tmp_path).evidence_sha256 for body in ("a", "a", "b")
    )
    assert one == same != other


def test_pytests_own_exit_status_is_kept_beside_the_word(tmp_path: Path) -> None:
    assert verdict_file.write(mixed(), tmp_path, exit_status=2).exit_status == 2


def test_a_run_that_begins_says_incomplete(tmp_path: Path) -> None:
    verdict_file.begin(gate(tmp_path / "new"))
    record = verdict_file.read(tmp_path / "new")
    assert (record.verdict, record.exit_status) == ("INCOMPLETE", 7)
    assert record.problems == (verdict_file.UNFINISHED,)
    assert record.counts.not_asked == record.counts.planned == 2


def test_a_run_that_begins_leaves_nothing_of_an_earlier_go(tmp_path: Path) -> None:
    verdict_file.write(go(), tmp_path)
    results = tmp_path / "allure-results"
    results.mkdir()
    for file in (tmp_path / "report.html", tmp_path / "summary.md", results / "a-result.json"):
        file.write_text("GO")
    verdict_file.begin(gate(tmp_path))
    assert verdict_file.read(tmp_path).verdict == "INCOMPLETE"
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["verdict.json"]


def test_results_of_somebody_else_are_not_deleted(tmp_path: Path) -> None:
    theirs = tmp_path / "allure-results" / "a-result.json"
    theirs.parent.mkdir()
    theirs.write_text("{}")
    with pytest.raises(UsageError, match="something else"):
        verdict_file.begin(gate(tmp_path))
    assert theirs.exists()


def test_withdrawing_takes_an_earlier_go_back(tmp_path: Path) -> None:
    verdict_file.write(go(), tmp_path)
    (tmp_path / "report.html").write_text("GO")
    verdict_file.withdraw(tmp_path)
    record = verdict_file.read(tmp_path)
    assert (record.verdict, record.exit_status) == ("INCOMPLETE", 7)
    assert record.problems == (verdict_file.WITHDRAWN,)
    assert record.counts.passed == 0
    assert not (tmp_path / "report.html").exists()


def test_withdrawing_removes_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "verdict.json").write_text('{"verdict": "GO"')
    verdict_file.withdraw(tmp_path)
    assert not (tmp_path / "verdict.json").exists()


def test_withdrawing_where_nothing_is_does_nothing(tmp_path: Path) -> None:
    verdict_file.withdraw(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_missing_file_is_no_go_to_the_reader(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="NO-GO"):
        verdict_file.read(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "GO", "{}", '{"verdict": "GO"}', "[1]", "null", '{"verdict": "GO", "sch', "\0"]
)
def test_a_garbled_file_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "verdict.json").write_text(text)
    with pytest.raises(UsageError, match="no verdict that can be read"):
        verdict_file.read(tmp_path)


@pytest.mark.parametrize(("field", "value"), [("schema_version", 2), ("verdict", "MAYBE")])
def test_an_unknown_version_or_word_is_an_error(tmp_path: Path, field: str, value: object) -> None:
    verdict_file.write(go(), tmp_path)
    file = tmp_path / "verdict.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {field: value}))
    with pytest.raises(UsageError, match=field):
        verdict_file.read(tmp_path)


def test_a_writer_that_dies_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    verdict_file.begin(gate(tmp_path))
    (tmp_path / "verdict.json.part").write_text('{"verdict": "G')
    assert verdict_file.read(tmp_path).verdict == "INCOMPLETE"
