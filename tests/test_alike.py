"""Are many findings of one cause told as one, and none lost that says something else?"""

from __future__ import annotations

import datetime as dt

from gatepost.causes import Cause, Found, causes
from gatepost.settings import Waiver

WAIVER = Waiver(check="schema", subject="*", reason="as meant", until=dt.date(2027, 1, 1), by="me")


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
    waived = [found(at, waiver=WAIVER) for at in range(30, 34)]

    told = [(one.check, one.count, one.waiver) for one in causes([*many, *others, *waived])]

    assert told == [
        ("schema", 9, None),
        ("schema", 1, None),
        ("columns", 1, None),
        ("schema", 4, WAIVER),
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
