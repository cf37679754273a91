"""Are many findings of one cause told as one, and none lost that says something else?"""

from __future__ import annotations

from gatepost.verdict_file import Found
from reports import summary
from reports.alike import FEW, together


def found(number: int, said: str = "comment x before, none after", check: str = "schema") -> Found:
    subject = f"public.t{number:03d}"
    mend = f"mend: comment on table {subject} is 'x'"
    return Found(check, subject, "important", f"{subject}: {said}\n{mend}")


def test_first_of_many_is_told_and_the_others_named() -> None:
    (told,) = together([found(at) for at in range(400)])

    first, mend, others = told.message.split("\n")
    assert first == "public.t000: comment x before, none after"
    assert mend == "mend: comment on table public.t000 is 'x'"
    assert others.startswith("the same of 399 others: public.t001, public.t002, ")
    assert others.endswith("public.t008 … and 391 more")


def test_few_are_told_one_by_one() -> None:
    few = [found(at) for at in range(FEW)]

    assert together(few) == few


def test_other_words_another_check_and_another_priority_are_told_apart() -> None:
    many = [found(at) for at in range(9)]
    others = [found(20, said="owner a before, b after"), found(21, check="columns")]

    told = together([*many, *others])

    assert [one.subject for one in told] == ["public.t000", "public.t020", "public.t021"]
    assert told[1:] == others


def test_summary_names_the_others_below_a_long_finding() -> None:
    long = "\n".join(f"line {at}" for at in range(30))
    lines = list(summary._findings([found(at, said=long) for at in range(9)]))  # noqa: SLF001 - the part of the page that is about

    assert lines[1] == "## Findings (9)"
    assert "… 24 more<br>the same of 8 others: public.t001" in lines[-1]
