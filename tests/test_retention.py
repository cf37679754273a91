"""Does the rule keep what it must, whatever lies in the folder?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from gatepost.backups import retention
from gatepost.backups.manifest import Stored
from gatepost.settings import Keep

if TYPE_CHECKING:
    from random import Random

FOLDER = Path("nowhere")
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
ONE = ("7710784630934131552", "fonana")
OTHER = ("7710784630934131552", "poolmanager")

moments = st.datetimes(
    dt.datetime(2019, 1, 1),  # noqa: DTZ001 - the zone is added
    dt.datetime(2027, 12, 31),  # noqa: DTZ001 - the zone is added
    timezones=st.just(dt.UTC),
)
keeps = st.builds(Keep, **dict.fromkeys(Keep.model_fields, st.integers(0, 6)))


def stored(
    name: str, at: dt.datetime | None, of: tuple[str, str] = ONE, *, why: str = ""
) -> Stored:
    """Return a backup; ``why`` it does not count."""
    return Stored(name, FOLDER, of, at, why)


@st.composite
def folders(draw: st.DrawFn, *, bad: bool = True) -> list[Stored]:
    """A folder of backups of two databases; some are not good, of some nobody knows the age."""
    found = draw(st.lists(st.tuples(moments, st.sampled_from([ONE, OTHER])), max_size=30))
    made = [stored(f"b{number:02}", at, of) for number, (at, of) in enumerate(found)]
    if bad:
        unverified = enumerate(draw(st.lists(moments, max_size=8)))
        made += [stored(f"bad{number}", at, why="not verified") for number, at in unverified]
        unreadable = range(draw(st.integers(0, 2)))
        made += [
            stored(f"none{number}", None, ("", ""), why="no manifest") for number in unreadable
        ]
    return draw(st.permutations(made))


def kept(found: list[Stored], keep: Keep) -> set[str]:
    """The names of those that are kept."""
    return {one.backup.name for one in retention.decide(found, keep) if one.kept}


@tried(deadline=None)
@given(folders(), keeps)
def test_last_good_one_of_each_database_is_kept_whatever_the_rule_says(
    found: list[Stored], keep: Keep
) -> None:
    for of in (ONE, OTHER):
        good = [one for one in found if one.good and one.of == of]
        if good:
            last = max(good, key=lambda one: (one.at, -int(one.name[1:])))
            assert last.name in kept(found, keep)


@tried(deadline=None)
@given(folders(), keeps)
def test_those_that_are_not_good_make_no_good_one_go(found: list[Stored], keep: Keep) -> None:
    good = [one for one in found if one.good]

    assert kept(good, keep) == kept(found, keep) & {one.name for one in good}


@tried(deadline=None)
@given(folders(), keeps)
def test_rule_applied_to_what_it_kept_keeps_all_of_it(found: list[Stored], keep: Keep) -> None:
    left = [one for one in found if one.name in kept(found, keep)]

    assert kept(left, keep) == {one.name for one in left}


@tried(deadline=None)
@given(folders(), keeps, keeps)
def test_larger_numbers_keep_whatever_smaller_ones_do(
    found: list[Stored], keep: Keep, more: Keep
) -> None:
    sums = {name: getattr(keep, name) + getattr(more, name) for name in Keep.model_fields}

    assert kept(found, keep) <= kept(found, Keep(**sums))


@tried(deadline=None)
@given(folders(bad=False), keeps, st.integers(0, 400))
def test_newer_one_brings_none_back_that_had_to_go(
    found: list[Stored], keep: Keep, days: int
) -> None:
    newest = max((one.at for one in found if one.at), default=NOON)
    newer = stored("newer", newest + dt.timedelta(days=days, seconds=1))
    gone = {one.name for one in found} - kept(found, keep)

    assert gone.isdisjoint(kept([*found, newer], keep))


@tried(deadline=None)
@given(folders(), keeps, st.randoms())
def test_order_of_the_folder_means_nothing(found: list[Stored], keep: Keep, random: Random) -> None:
    assert kept(found, keep) == kept(random.sample(found, len(found)), keep)


@tried(deadline=None)
@given(folders(), keeps)
def test_whatever_goes_has_a_reason_and_a_good_one_in_its_place(
    found: list[Stored], keep: Keep
) -> None:
    stay = kept(found, keep)
    for one in retention.decide(found, keep):
        if not one.kept:
            assert one.goes
            assert 1 <= len(one.instead) <= 5
            assert {other.name for other in one.instead} <= stay
            assert all(other.good and other.of == one.backup.of for other in one.instead)


def test_a_backup_each_day_for_six_years_leaves_what_was_promised() -> None:
    days = [stored(f"{day:04}", NOON - dt.timedelta(days=day)) for day in range(6 * 365)]

    found = retention.decide(days, Keep())

    counted = dict.fromkeys(Keep.model_fields, 0)
    for one in found:
        for why in one.kept:
            counted[why.partition(":")[0]] = counted.get(why.partition(":")[0], 0) + 1
    assert counted == {"daily": 30, "weekly": 12, "monthly": 12, "yearly": 5, retention.LAST: 1}
    assert len(kept(days, Keep())) < 30 + 12 + 12 + 5


def test_backups_that_stopped_long_ago_are_kept_as_they_were() -> None:
    """The rule counts days that have a backup, and not the days since."""
    days = [stored(f"{day}", NOON.replace(year=2020) - dt.timedelta(days=day)) for day in range(30)]

    assert kept(days, Keep()) == {one.name for one in days}


def test_one_that_is_not_good_stays_until_a_newer_one_is_good() -> None:
    bad = stored("bad", NOON, why="it was never restored and compared")
    older, newer = (stored(f"b{n}", NOON + dt.timedelta(days=n)) for n in (-1, 1))

    assert kept([bad], Keep()) == {"bad"}
    assert kept([bad, older], Keep()) == {"bad", "b-1"}
    assert kept([bad, older, newer], Keep()) == {"b-1", "b1"}
    assert kept([bad, replace(newer, of=OTHER)], Keep()) == {"bad", "b1"}
