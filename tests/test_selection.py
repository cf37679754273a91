"""Is exactly what the project selects compared, and is the rest told and never hidden?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import verdict_file
from gatepost.errors import UsageError
from gatepost.schema.declarations import Object
from gatepost.schema.declared import Schema
from gatepost.schema.selection import Selection
from gatepost.settings import Project
from tests.conftest import run
from tests.pairs import opened
from tests.test_usage import gate, refused

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.session import Session
    from gatepost.settings import Gate as GateName

    Make = Callable[..., Dsn]

SHOP = """
create table users (id int primary key, name text);
create view names as select name from users;
create schema audit;
create table audit.log (id int generated always as identity primary key, what text);
create type audit.level as enum ('low', 'high');
create function audit.clean(text[], int[]) returns int language sql as 'select 1';
create function audit.count() returns int language sql as 'select 1';
"""

OUT = "{} left out by the project, [schema] leave_out '{}':"
NOT_IN = "objects left out by the project, in none of [schema] only '{}':"

USERS = Object("public.users", "table", {})
NAMES = Object("public.names", "view", {})
LOG = Object("audit.log", "table", {})
CLEAN = Object("function audit.clean(text[], integer[])", "function", {})
PLPGSQL = Object("extension plpgsql", "extension", {})
ALL = (USERS, NAMES, LOG, CLEAN, PLPGSQL)


def selected(only: tuple[str, ...] = (), leave_out: tuple[str, ...] = ()) -> Project:
    return Project(compare_schema=Schema(only=only, leave_out=leave_out))


def asked(session: Session, question: str) -> list[str]:
    return [ask.planned.check.subject for ask in session.plan.of(question)]


def told(session: Session, question: str) -> list[str]:
    return [one.reason for one in session.plan.not_planned if one.question == question]


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("public.users", [USERS]),
        ("audit.*", [LOG, CLEAN]),
        ("table audit.*", [LOG]),
        ("function *", [CLEAN]),
        ("view public.*", [NAMES]),
        ("table *", [USERS, LOG]),
        ("extension *", [PLPGSQL]),
        ("*", list(ALL)),
        ("*.[nu]*", [USERS, NAMES]),
        ("function audit.clean(text[], integer[])", [CLEAN]),
        ("Public.*", []),
        ("users", []),
    ],
)
def test_pattern_stands_for_names_of_any_kind_or_of_the_kind_it_names(
    pattern: str, meant: list[Object]
) -> None:
    assert [one for one in ALL if Selection(only=(pattern,)).takes(one)] == meant
    assert [one for one in ALL if not Selection(leave_out=(pattern,)).takes(one)] == meant


def test_what_is_left_out_is_left_out_though_it_was_asked_for() -> None:
    both = Selection(only=("audit.*",), leave_out=("function *",))

    assert both.taken(ALL) == ["audit.log"]
    assert list(both.left_out(ALL)) == [
        f"{OUT.format('1 object', 'function *')} function audit.clean(text[], integer[])",
        f"3 {NOT_IN.format('audit.*')} extension plpgsql, public.names, public.users",
    ]


def test_change_of_kind_is_not_hidden_by_a_pattern_for_one_of_the_kinds() -> None:
    view = Object("public.users", "view", {})

    assert Selection(leave_out=("view *",)).taken((USERS, view)) == ["public.users"]
    assert Selection(only=("table *",)).taken((USERS, view)) == ["public.users"]


def test_declarations_are_selected_and_data_is_not(database16: Make, database18: Make) -> None:
    declared = selected(leave_out=("audit.*", "extension plpgsql"))

    with opened(database16(SHOP), database18(SHOP), declared) as session:
        assert asked(session, "schema") == [
            "public.names",
            "public.users",
            "schema audit",
            "schema public",
        ]
        assert told(session, "schema") == [
            f"{OUT.format('5 objects', 'audit.*')} audit.log, audit.log_id_seq, enum audit.level, …"
        ]
        assert asked(session, "extensions") == []
        assert told(session, "extensions") == [
            f"{OUT.format('1 object', 'extension plpgsql')} extension plpgsql"
        ]
        assert asked(session, "rows") == ["audit.log", "public.users"]
        assert asked(session, "sequences") == ["audit.log_id_seq"]
        assert "schema audit" in asked(session, "privileges")
        assert told(session, "privileges") == []


def test_only_what_is_asked_for_is_compared(database16: Make, database18: Make) -> None:
    with opened(database16(SHOP), database18(SHOP), selected(only=("public.*",))) as session:
        assert asked(session, "schema") == ["public.names", "public.users"]
        (line,) = told(session, "schema")
        assert line.startswith(f"7 {NOT_IN.format('public.*')} audit.log,")


@pytest.mark.parametrize("key", ["only", "leave_out"])
def test_pattern_that_stands_for_nothing_is_refused(
    key: str, database16: Make, database18: Make
) -> None:
    declared = selected(**{key: ("public.usres",)})

    with (
        pytest.raises(UsageError, match=r"'public\.usres' stands for nothing") as refused,
        opened(database16(SHOP), database18(SHOP), declared),
    ):
        pass
    assert refused.value.message.startswith(f"[schema] {key}: ")
    assert refused.value.hint == "did you mean 'public.users'?"


@pytest.mark.parametrize(("gate", "passes"), [("pre", True), ("data", False)])
def test_pattern_for_what_the_migration_makes_is_let_pass_by_the_pre_gate(
    gate: GateName, passes: bool, database16: Make, database18: Make
) -> None:
    declared = selected(leave_out=("next.*",))
    before, after = database16(SHOP), database18()

    if passes:
        with opened(before, after, declared, gate=gate) as session:
            assert session.plan.asks
    else:
        with pytest.raises(UsageError), opened(before, after, declared, gate=gate):
            pass


def test_pattern_for_what_one_side_has_is_one(database16: Make, database18: Make) -> None:
    declared = selected(leave_out=("table public.later",))
    after = database18(f"{SHOP} create table later (id int primary key);")

    with opened(database16(SHOP), after, declared) as session:
        assert told(session, "schema") == [
            f"{OUT.format('1 object', 'table public.later')} public.later"
        ]


@pytest.mark.slow
def test_what_is_left_out_stands_in_the_report(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before, after = database16(SHOP), database18(SHOP)
    run(after, "drop function audit.clean(text[], int[])")
    sides = (f"--source={before.raw}", "--target=prod", f"--project={tmp_path}", "--gate=data")

    def asked_with(leave_out: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "gatepost.toml").write_text(
            f'[targets.prod]\nurl = "{after.raw}"\n[schema]\nleave_out = ["{leave_out}"]\n',
            encoding="utf-8",
        )
        return gate(*sides, f"--gatepost-out={tmp_path}", "-n0")

    done = asked_with("function *")
    verdict = verdict_file.read(tmp_path)
    (left,) = [one for one in verdict.not_planned if one.question == "schema"]
    assert left.reason.startswith(OUT.format("2 objects", "function *"))
    assert left.reason in " ".join(done.stdout.split())
    assert [(one.check, one.subject) for one in verdict.findings] == []

    refused(asked_with("funktion *"), "[schema] leave_out: 'funktion *' stands for nothing")
