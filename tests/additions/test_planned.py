"""Is what is new asked about where migrations made it, and said to be left out where not?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.additions import evolution, planned
from gatepost.names import Relation
from gatepost.origin import Source
from gatepost.schema.catalog import Catalog, Column, Table
from gatepost.settings import Project, Settings, Target
from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE, THERE = "postgresql://a@one/shop", "postgresql://a@two/shop"


def settings(project: dict[str, Any], *, source: str = HERE, **chosen: Any) -> Settings:
    """Return what a project declares, of a source and a target."""
    target = Target(url=HERE, strategy=chosen.pop("strategy", "swap"))
    return Settings(
        project=Project.model_validate(project),
        folder=Path.cwd(),
        target_name="prod",
        target=target,
        source=Source(url=source),
        **chosen,
    )


def catalog(**tables: Sequence[str]) -> Catalog:
    """Return a catalog of some tables with these columns."""
    return Catalog(tuple(_table(name, columns) for name, columns in tables.items()), (), (), ())


def _table(name: str, columns: Sequence[str]) -> Table:
    return Table(
        relation=Relation("public", name),
        kind="table",
        persistence="permanent",
        columns=tuple(
            Column(one, "text", "pg_catalog.text", "b", "", False, "", "", "", "", at)
            for at, one in enumerate(columns, start=1)
        ),
        key=(),
        is_partition=False,
        inherits=(),
        rows_estimate=0,
        bytes=0,
        pages=0,
        row_security=False,
    )


def asked(chosen: Settings, before: Catalog, after: Catalog) -> tuple[list[str], list[str]]:
    """Return the subjects of the question, and what is not asked."""
    new = evolution.of(chosen, before, after, {})
    found = list(planned.additions(chosen, after, new))
    left_out = [one.reason for one in found if isinstance(one, NotPlanned)]
    return [one[1] for one in found if not isinstance(one, NotPlanned)], left_out


@pytest.mark.parametrize(
    ("migrate", "source", "strategy", "one"),
    [
        ({}, THERE, "swap", False),
        ({}, THERE, "in-place", True),
        ({"fill": "sql"}, THERE, "swap", True),
        ({"fill": "prisma"}, HERE, "swap", True),
        ({"fill": "command", "command": "true"}, THERE, "swap", False),
        ({"fill": "command", "command": "true"}, HERE, "swap", True),
        ({"fill": "command", "command": "true"}, "baseline:there.json", "swap", False),
        ({"fill": "files"}, "file:data", "swap", False),
    ],
)
def test_one_database_is_told_from_two(
    migrate: dict[str, Any], source: str, strategy: str, *, one: bool
) -> None:
    chosen = settings({"migrate": migrate}, source=source, strategy=strategy)

    assert evolution.is_one_database(chosen) is one


def test_what_an_earlier_release_made_is_not_asked_again() -> None:
    declared = [{"column": "public.pools.url", "not_null": True}, {"table": "public.a", "rows": 1}]
    chosen = settings({"additions": declared}, strategy="in-place")
    there = catalog(pools=["id", "url"], a=["id"])

    assert asked(chosen, there, there) == (
        [],
        [
            "public.pools.url is not new: it was there before",
            "public.a is not new: it was there before",
        ],
    )
    assert planned.none(chosen, there, evolution.of(chosen, there, there, {}))


def test_what_another_phase_makes_is_left_to_it() -> None:
    declared = [{"column": "public.pools.url", "not_null": True}]
    before, after = catalog(pools=["id"]), catalog(pools=["id", "more"])
    project = {"additions": declared, "migrate": {"phases": {"expand": ["1"], "contract": ["2"]}}}

    phased = settings(project, strategy="in-place", phase="expand")
    assert asked(phased, before, after) == (
        ["public.pools"],
        ["public.pools.url is not there after this phase"],
    )
    last = settings(project, strategy="in-place", phase="contract")
    assert asked(last, before, after) == (["public.pools"], [])
    assert asked(last, before, before) == (["public.pools"], [])
    assert asked(settings(project, strategy="in-place"), before, after) == (["public.pools"], [])


def test_what_one_phase_made_and_another_drops_is_told_elsewhere() -> None:
    declared = [{"column": "public.pools.url", "not_null": True}]
    project = {"additions": declared, "migrate": {"phases": {"contract": ["2"]}}}
    last = settings(project, strategy="in-place", phase="contract")

    subjects, [reason] = asked(last, catalog(pools=["id", "url"]), catalog(pools=["id"]))

    assert subjects == []
    assert reason.startswith("public.pools.url was there before, and is gone: `rows` and `schema`")


def test_query_over_a_table_with_something_new_is_asked() -> None:
    declared = [{"table": "public.pools", "query": "select 1 from pools where url is null"}]
    chosen = settings({"additions": declared}, strategy="in-place")

    found = asked(chosen, catalog(pools=["id"]), catalog(pools=["id", "url"]))

    assert found == (["public.pools"], [])
