"""Does the verdict follow from the plan and the answers, and from nothing else?"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import TYPE_CHECKING

import pytest

from gatepost.decision import decide
from gatepost.verdict import (
    UNANSWERED,
    Answer,
    Attachment,
    Check,
    Outcome,
    Planned,
    Run,
    Verdict,
    told,
)
from gatepost.waivers import Waiver

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = dt.datetime(2026, 8, 1, 12, tzinfo=dt.UTC)
RUN = Run("data", "shop", "prod", "20260801-120000", TODAY, TODAY)
USERS, POSTS, NONE = Check("rows", "users"), Check("rows", "posts"), Check("sequences", "none")


def planned(*checks: Check) -> list[Planned]:
    return [Planned(check, "data") for check in checks]


def waiver(check: Check = USERS, until: str = "2026-08-01") -> Waiver:
    return Waiver(
        check=check.question,
        subject=check.subject,
        reason="made anew at login",
        until=dt.date.fromisoformat(until),
        by="owner",
    )


def yes(check: Check) -> Answer:
    return Answer(check, "yes")


def no(check: Check) -> Answer:
    return Answer(check, "no", f"{check.subject}: 2 rows before, 1 after")


def unasked(check: Check) -> Answer:
    return Answer(check, "not-asked", "CannotConnect: refused")


def test_all_yes_is_go() -> None:
    verdict = decide(RUN, planned(USERS, POSTS), [yes(USERS), yes(POSTS)])
    assert (verdict.word, verdict.exit_status) == ("GO", 0)
    assert verdict.headline == "GO: 2 of 2 checks passed"


def test_one_no_is_no_go() -> None:
    verdict = decide(RUN, planned(USERS, POSTS), [yes(USERS), no(POSTS)])
    assert (verdict.word, verdict.exit_status) == ("NO-GO", 1)
    assert verdict.headline == "NO-GO: 1 of 2 checks did not pass"
    assert [finding.check for finding in verdict.findings] == [POSTS]


def test_nothing_planned_and_nothing_answered_is_incomplete() -> None:
    verdict = decide(RUN, [], [])
    assert (verdict.word, verdict.exit_status) == ("INCOMPLETE", 7)
    assert verdict.headline == "INCOMPLETE: nothing was checked"


def test_a_planned_check_without_an_answer_is_incomplete() -> None:
    verdict = decide(RUN, planned(USERS, POSTS), [yes(USERS)])
    assert verdict.word == "INCOMPLETE"
    assert [(one.check, one.reason) for one in verdict.not_asked] == [(POSTS, UNANSWERED)]
    assert verdict.headline == "INCOMPLETE: 1 of 2 checks were not asked"


def test_a_check_that_could_not_be_asked_is_incomplete_and_says_why() -> None:
    verdict = decide(RUN, planned(USERS), [unasked(USERS)])
    assert verdict.word == "INCOMPLETE"
    assert verdict.not_asked[0].reason == "CannotConnect: refused"


def test_a_no_beats_a_check_that_was_not_asked() -> None:
    verdict = decide(RUN, planned(USERS, POSTS), [no(USERS)])
    assert verdict.word == "NO-GO"
    assert verdict.headline == "NO-GO: 1 of 2 checks did not pass, 1 not asked"


@pytest.mark.parametrize("order", list(itertools.permutations((yes, unasked, no))))
def test_the_worst_of_several_answers_counts(order: tuple[Callable[[Check], Answer], ...]) -> None:
    verdict = decide(RUN, planned(USERS), [answer(USERS) for answer in order])
    assert verdict.counts.failed == verdict.counts.planned == 1


@pytest.mark.parametrize("order", list(itertools.permutations((yes, unasked))))
def test_an_error_outweighs_a_yes(order: tuple[Callable[[Check], Answer], ...]) -> None:
    verdict = decide(RUN, planned(USERS), [answer(USERS) for answer in order])
    assert verdict.word == "INCOMPLETE"


@pytest.mark.parametrize("word", ["interrupted", "worker gw0 died"])
def test_a_problem_of_the_run_is_never_go(word: str) -> None:
    verdict = decide(RUN, planned(USERS), [yes(USERS)], problems=[word])
    assert verdict.word == "INCOMPLETE"
    assert verdict.headline == f"INCOMPLETE: {word}"


def test_a_problem_does_not_hide_a_no() -> None:
    assert decide(RUN, planned(USERS), [no(USERS)], problems=["interrupted"]).word == "NO-GO"


def test_not_applicable_is_no_gap_beside_a_yes() -> None:
    plan = [*planned(USERS), Planned(NONE, "data", not_applicable="no sequences")]
    verdict = decide(RUN, plan, [yes(USERS)])
    assert verdict.word == "GO"
    assert verdict.headline == "GO: 1 of 2 checks passed, 1 not applicable"


def test_not_applicable_alone_is_not_go() -> None:
    verdict = decide(RUN, [Planned(NONE, "data", not_applicable="no sequences")], [])
    assert verdict.headline == "INCOMPLETE: nothing was checked"


def test_a_no_about_something_not_applicable_counts() -> None:
    plan = [Planned(NONE, "data", not_applicable="no sequences")]
    assert decide(RUN, plan, [no(NONE)]).word == "NO-GO"


def test_an_answer_that_was_not_planned_counts() -> None:
    verdict = decide(RUN, planned(USERS), [yes(USERS), no(POSTS)])
    assert verdict.word == "NO-GO"
    assert verdict.counts.planned == 2


def test_a_waiver_in_force_until_today_accepts_a_no_and_is_shown() -> None:
    verdict = decide(RUN, planned(USERS), [no(USERS)], waivers=[waiver()])
    assert verdict.word == "GO"
    assert verdict.headline == "GO: 0 of 1 checks passed, 1 waived"
    assert verdict.findings[0].waiver == waiver()
    assert not verdict.stale_waivers


def test_an_expired_waiver_accepts_nothing_and_is_named() -> None:
    expired = waiver(until="2026-07-31")
    verdict = decide(RUN, planned(USERS), [no(USERS)], waivers=[expired])
    assert verdict.word == "NO-GO"
    assert verdict.findings[0].waiver is None
    assert verdict.stale_waivers == ("waiver rows users: expired on 2026-07-31",)


def test_a_second_waiver_counts_where_the_first_has_expired() -> None:
    both = [waiver(until="2026-07-31"), waiver()]
    assert decide(RUN, planned(USERS), [no(USERS)], waivers=both).word == "GO"


def test_a_waiver_that_matches_nothing_is_named_and_changes_no_word() -> None:
    verdict = decide(RUN, planned(USERS), [yes(USERS)], waivers=[waiver()])
    assert verdict.word == "GO"
    assert verdict.stale_waivers == ("waiver rows users: matches no finding",)


@pytest.mark.parametrize("other", [Check("rows", "posts"), Check("columns", "users")])
def test_a_waiver_is_about_one_question_and_one_subject(other: Check) -> None:
    assert decide(RUN, planned(USERS), [no(USERS)], waivers=[waiver(other)]).word == "NO-GO"


def test_a_waiver_of_one_gate_accepts_nothing_in_another() -> None:
    drift = Check("schema", "users")
    accepted = waiver(drift).model_copy(update={"gate": "pre"})
    before = dataclasses.replace(RUN, gate="pre")

    assert decide(before, [Planned(drift, "pre")], [no(drift)], waivers=[accepted]).word == "GO"
    behind = decide(RUN, [Planned(drift, "data")], [no(drift)], waivers=[accepted])
    assert behind.word == "NO-GO"
    assert behind.stale_waivers == ()


def test_a_waiver_of_what_another_gate_asks_is_not_to_be_removed() -> None:
    lint = Check("lint", "20250901_drop")

    verdict = decide(RUN, planned(USERS), [yes(USERS)], waivers=[waiver(lint)])

    assert verdict.stale_waivers == ()


def test_a_waiver_does_not_answer_what_was_not_asked() -> None:
    verdict = decide(RUN, planned(USERS), [unasked(USERS)], waivers=[waiver()])
    assert verdict.word == "INCOMPLETE"


def test_priority_orders_findings_and_never_changes_the_word() -> None:
    plan = [Planned(USERS, "data", "optional"), Planned(POSTS, "data", "critical")]
    verdict = decide(RUN, plan, [no(USERS), no(POSTS)])
    assert [finding.check for finding in verdict.findings] == [POSTS, USERS]
    assert decide(RUN, plan, [no(USERS), yes(POSTS)]).word == "NO-GO"


def test_notes_and_evidence_are_kept() -> None:
    kept = Attachment("rows", "2 before, 1 after")
    answer = Answer(USERS, "no", "lost one", notes=("no primary key",), evidence=(kept,))
    verdict = decide(RUN, planned(USERS), [answer])
    assert verdict.notes == ((USERS, "no primary key"),)
    assert verdict.findings[0].evidence == (kept,)


OUTCOMES: tuple[Outcome | None, ...] = ("yes", "no", "not-asked", None)


@pytest.mark.parametrize("given", list(itertools.product(OUTCOMES, repeat=3)))
def test_go_means_that_every_check_said_yes(given: tuple[Outcome | None, ...]) -> None:
    checks = [Check("rows", str(at)) for at in range(3)]
    pairs = zip(checks, given, strict=True)
    verdict = decide(RUN, planned(*checks), [Answer(c, o) for c, o in pairs if o])
    assert (verdict.word == "GO") == (given == ("yes",) * 3)
    assert (verdict.word == "NO-GO") == ("no" in given)
    assert_counts_add_up(verdict)


def assert_counts_add_up(verdict: Verdict) -> None:
    c = verdict.counts
    assert c.planned == len(verdict.results)
    assert c.planned == c.passed + c.failed + c.waived + c.not_applicable + c.not_asked
    assert c.failed + c.waived == len(verdict.findings)
    assert c.not_asked == len(verdict.not_asked)


@pytest.mark.parametrize(
    ("subject", "text", "said"),
    [
        (
            "public.posts",
            "public.posts: 2 rows before\n  id = (3): gone",
            "2 rows before\n  id = (3): gone",
        ),
        ("public.posts", "public.posts.a: x\npublic.posts.b: y", "a: x\nb: y"),
        ("public.post", "public.posts: 2 rows before", "public.posts: 2 rows before"),
        ("tools", "no pg_dump", "no pg_dump"),
        ("a.b.c -> a.d.id", "a.b.c: 3 rows point to no a.d.id", "3 rows point to no a.d.id"),
    ],
)
def test_a_subject_is_said_once(subject: str, text: str, said: str) -> None:
    assert told("rows", subject, text) == f"rows {subject}: {said}"
