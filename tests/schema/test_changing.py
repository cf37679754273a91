"""Is every place told rightly at which four catalogs of one database differ?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gatepost.schema import changing
from gatepost.schema.changing import DRIFT, IN_THE_WAY, OTHERWISE, UNASKED, Change, Judged
from gatepost.schema.declarations import Object
from gatepost.schema.scratch import NOTHING

NAME = "public.pools"
Columns = dict[str, dict[str, Any]] | None

TEXT = {"type": "text", "nullable": True}
FILLED = {"type": "integer", "nullable": False, "default": "2025"}
BARE = {"type": "integer", "nullable": True}
BASE = {"id": TEXT}
SEASON = BASE | {"season": FILLED}
BY_HAND = BASE | {"season": BARE}


def declared(columns: Columns, **more: Any) -> Any:
    """Return a catalog with one table of these columns, or without it."""
    if columns is None:
        return NOTHING
    attributes = {"columns": columns, "order": list(columns), "constraints": {}, "indexes": {}}
    return replace(NOTHING, objects=(Object(NAME, "table", attributes | more),))


def change(applied: Columns, whole: Columns, before: Columns, after: Columns) -> Change:
    """Return four catalogs of one table."""
    return Change(*map(declared, (applied, whole, before, after)))


def told(judged: Judged) -> dict[str, list[str]]:
    """Return the findings by the words at their end, without the table's name."""
    return {
        words: [line.text.removeprefix(f"{NAME}: ").removeprefix(f"{NAME}.") for line in lines]
        for words, lines in judged.findings.items()
    }


@pytest.mark.parametrize(
    ("whole", "there", "findings", "notes"),
    [
        (BASE, BASE, {}, 0),
        (SEASON, BASE, {}, 0),
        (BASE, SEASON, {DRIFT: ["column season in the target, in no migration that ran"]}, 0),
        (BASE, {"id": BARE}, {DRIFT: ["id: text by the migrations, integer in the target"]}, 0),
        (BASE, None, {DRIFT: ["in the migrations, not in the target"]}, 0),
        (SEASON, SEASON, {}, 1),
        (
            SEASON,
            BY_HAND,
            {
                IN_THE_WAY: [
                    "season: default 2025 by the migrations, none in the target",
                    "season: not null by the migrations, nullable in the target",
                ]
            },
            0,
        ),
        (SEASON | {"week": BARE}, SEASON, {}, 1),
        (None, None, {}, 1),
        (None, {"id": BARE}, {DRIFT: ["id: text by the migrations, integer in the target"]}, 0),
    ],
    ids=[
        "as it should be",
        "pending ones add a column",
        "made by hand",
        "altered by hand",
        "dropped by hand",
        "made by hand as pending ones will",
        "made by hand otherwise than pending ones would",
        "made by hand in part",
        "dropped by hand as pending ones will",
        "altered by hand, and pending ones drop it",
    ],
)
def test_target_as_it_is(
    whole: Columns, there: Columns, findings: dict[str, list[str]], notes: int
) -> None:
    found = changing.ahead(NAME, change(BASE, whole, there, there))

    assert told(found) == findings
    assert len(found.notes) == notes


@pytest.mark.parametrize(
    ("applied", "whole", "before", "after", "findings", "notes"),
    [
        (BASE, SEASON, BASE, SEASON, {}, 1),
        (BASE, None, BASE, None, {}, 1),
        (None, BASE, None, BASE, {}, 1),
        (BASE, BASE, BASE, SEASON, {UNASKED: ["column season only after"]}, 0),
        (SEASON, SEASON, SEASON, BASE, {UNASKED: ["column season gone"]}, 0),
        (BASE, BASE, SEASON, BASE, {UNASKED: ["column season gone"]}, 0),
        (BASE, BASE, SEASON, SEASON, {}, 1),
        (BASE, SEASON, BASE, BASE, {OTHERWISE: ["column season in the migrations, not after"]}, 0),
        (
            BASE,
            SEASON,
            BY_HAND,
            BY_HAND,
            {
                OTHERWISE: [
                    "season: default 2025 by the migrations, none after",
                    "season: not null by the migrations, nullable after",
                ]
            },
            0,
        ),
        (
            None,
            SEASON,
            BY_HAND,
            BY_HAND,
            {
                OTHERWISE: [
                    "season: default 2025 by the migrations, none after",
                    "season: not null by the migrations, nullable after",
                ]
            },
            0,
        ),
        (SEASON, BASE, SEASON, SEASON, {OTHERWISE: ["column season after, in no migration"]}, 0),
        (SEASON, SEASON, BY_HAND, SEASON, {}, 2),
        (
            SEASON,
            SEASON | {"week": BARE},
            BY_HAND,
            BY_HAND | {"week": BARE},
            {},
            3,
        ),
        (SEASON, SEASON, BASE, SEASON, {}, 1),
    ],
    ids=[
        "what pending ones add is there",
        "what pending ones drop is gone",
        "the table that pending ones make is there",
        "more is there",
        "something is gone that nobody drops",
        "something is gone that no migration made",
        "drift stays",
        "what pending ones add is not there",
        "a guard kept another column",
        "a guard kept another table",
        "what pending ones drop is still there",
        "drift is mended",
        "drift stays beside what pending ones add",
        "what somebody dropped is there again",
    ],
)
def test_target_after_the_pending_ones(
    applied: Columns,
    whole: Columns,
    before: Columns,
    after: Columns,
    findings: dict[str, list[str]],
    notes: int,
) -> None:
    found = changing.afterwards(NAME, change(applied, whole, before, after))

    assert told(found) == findings
    assert len(found.notes) == notes


UNIQUE = {"definition": "UNIQUE (id)", "valid": True, "ready": True, "index": "(id)"}
INDEX = {"definition": "unique (id)", "valid": True, "ready": True}


def test_unique_index_beside_a_unique_constraint_is_a_note() -> None:
    index = declared(BASE, indexes={"pools_id_key": INDEX})
    constraint = declared(BASE, constraints={"pools_id_key": UNIQUE})

    stays = changing.ahead(NAME, Change(index, index, constraint, constraint))
    met = changing.ahead(NAME, Change(declared(BASE), index, constraint, constraint))
    made = changing.afterwards(NAME, Change(declared(BASE), index, declared(BASE), constraint))

    assert [one.findings for one in (stays, met, made)] == [{}, {}, {}]
    (note,) = stays.notes
    assert note.removeprefix(f"{NAME}: ") == (
        "pools_id_key is a unique constraint in the target, pools_id_key a unique index by the"
        " migrations"
    )


def test_another_name_does_not_hide_what_should_be_dropped() -> None:
    named = declared(BASE, indexes={"pools_id_idx": INDEX | {"definition": "btree (id)"}})
    other = declared(BASE, indexes={"by_hand": INDEX | {"definition": "btree (id)"}})
    bare = declared(BASE)

    found = changing.afterwards(NAME, Change(named, bare, other, other))

    assert told(found) == {OTHERWISE: ["index by_hand after, in no migration"]}


def test_what_nobody_may_drop_is_not_advised_to_be_mended_away() -> None:
    found = changing.ahead(NAME, change(BASE, BASE, SEASON, SEASON))

    ((line,),) = found.findings.values()
    assert not line.remedy.statements
    assert line.remedy.hint == "a migration that makes it, marked as applied; or drop it"


def test_table_in_the_way_may_still_be_given_what_it_lacks() -> None:
    whole = declared(SEASON, indexes={"pools_id_key": INDEX})
    there = declared(SEASON)

    found = changing.ahead(NAME, Change(declared(None), whole, there, there))

    assert not found.findings
    (note,) = found.notes
    assert note == (
        f"{NAME}: index pools_id_key in the migrations, not in the target: a pending migration is"
        " to make it, and the trial tells whether it does"
    )
