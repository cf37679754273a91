"""Is a count told that is wrong, and by which side it was?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from gatepost.mapping import counters
from gatepost.mapping.declared import Counter
from gatepost.origin import Source
from gatepost.settings import Project, Settings, Target
from gatepost.side import Side
from gatepost.sides import Sides
from gatepost.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.side import Label
    from gatepost.told import Told

    Told_ = Callable[..., Told]

SHOP = """
create table threads (id int primary key, posts int, owner text);
create table posts (id int primary key, thread int);
insert into threads values (1, 2, 'a'), (2, 0, 'b'), (3, 1, 'c');
insert into posts values (1, 1), (2, 1), (3, 3);
"""
EQUALS = "select thread, count(*) from posts group by 1; -- of each"


@pytest.fixture
def told(database16: Callable[..., Dsn], database18: Callable[..., Dsn], tmp_path: Path) -> Told_:
    """Return what is said of a counter, of two databases that were changed."""

    def ask(before: str, after: str, **declared: object) -> Told:
        counter = Counter(**{"column": "public.threads.posts", "equals": EQUALS} | declared)
        found: list[Side] = []
        made: Callable[..., Dsn]
        label: Label
        for label, made, script in (("before", database16, before), ("after", database18, after)):
            dsn = made(SHOP + script)
            found.append(Side(label, dsn, Store(tmp_path / label, alone=True)))
        settings = Settings(
            project=Project(counters=(counter,)),
            folder=tmp_path,
            target_name="prod",
            target=Target(url=found[1].dsn.raw),
            source=Source(url=found[0].dsn.raw),
        )
        sides = Sides(*found)
        with contextlib.closing(sides), contextlib.closing(found[0]), contextlib.closing(found[1]):
            return counters.told(settings, sides, counter)

    return ask


WRONG = """update threads set posts = 5 where id = 1; update threads set posts = 0 where id = 3;
  update threads set posts = null where id = 2"""
SAID = (
    "public.threads.posts: 3 rows say another count than there is (1 too much, 1 too little,"
    " 1 nothing): id = (1); id = (2); id = (3)"
)


def test_right_counter_says_nothing(told: Told_) -> None:
    found = told("", "")

    assert (found.findings, found.notes) == ((), ())


def test_wrong_counter_is_a_note_unless_it_may_not_be(told: Told_) -> None:
    assert told("", WRONG).notes == (SAID,)


def test_wrong_counter_that_may_not_be_is_a_finding(told: Told_) -> None:
    assert told("", WRONG, warn=False).findings == (SAID,)


def test_counter_that_was_as_wrong_before_is_inherited(told: Told_) -> None:
    found = told(WRONG, WRONG, warn=False)

    assert (found.findings, found.notes) == ((), (f"{SAID}; it did before",))


def test_counter_that_is_gone_is_a_finding(told: Told_) -> None:
    assert told("", "alter table threads drop posts").findings == (
        "public.threads.posts: the after side has no such column",
    )


@pytest.mark.parametrize(
    ("equals", "said"),
    [
        ("select 1, 2, 3", "equals yields 3 columns"),
        ("select nothing", 'equals: column "nothing" does not exist'),
    ],
)
def test_query_that_counts_nothing_is_refused(told: Told_, equals: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        told("", "", equals=equals)
