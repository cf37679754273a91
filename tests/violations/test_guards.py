"""Is what hides in a DO block seen, with what it asks first and what it forgets?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.linting import blocks
from gatepost.linting.blocks import Condition

if TYPE_CHECKING:
    from tests.violations.conftest import Asked

GUARD = """
-- before it
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}') THEN
    ALTER TABLE "pools" ADD CONSTRAINT "{name}" UNIQUE ("name");
  END IF;
END $$;
"""
SUBJECT = "unique public.pools (name)"


def test_constraint_in_a_guard_is_counted_and_its_line_is_that_of_the_file(asked: Asked) -> None:
    (finding,) = asked(GUARD.format(name="pools_name_key"))[SUBJECT].findings

    assert "2 rows share 1 value: id = (p1) and id = (p2); 1, line 6 will fail" in finding


def test_guard_that_finds_the_name_adds_nothing_and_that_is_told(asked: Asked) -> None:
    told = asked(GUARD.format(name="teams_pkey"))[SUBJECT]

    assert told.findings == ()
    assert "asks first, and as things are it adds nothing" in told.notes[0]


@pytest.mark.parametrize(
    ("handler", "says"),
    [
        ("when duplicate_object then null", "will fail"),
        ("when others then raise", "will fail"),
        ("when others then null", "will not add it, and hides that (EXCEPTION WHEN others)"),
        ("when unique_violation then raise notice 'well'", "(EXCEPTION WHEN unique_violation)"),
    ],
)
def test_exception_that_would_hide_the_failure_is_told(
    asked: Asked, handler: str, says: str
) -> None:
    block = f"do $$ begin alter table pools add unique (name); exception {handler}; end $$"

    assert says in asked(block)[SUBJECT].findings[0]


def test_block_is_read_statement_by_statement() -> None:
    found = blocks.steps(
        "select 1;\n"
        "do $body$\ndeclare r record;\nbegin\n"
        "  if a then\n    drop table one;\n"
        "  elsif b then\n    execute 'drop table two';\n"
        "  else\n    drop table three;\n  end if;\n"
        "  for r in select * from four loop\n    delete from five;\n  end loop;\n"
        "  perform six();\n"
        "  execute format('drop table %I', seven);\n"
        "end $body$;\n"
        "do language plpython3u $$ pass $$"
    )

    lines = [(step.statement.line, step.statement.kind, bool(step.unread)) for step in found]
    assert lines == [
        (1, "SelectStmt", False),
        (6, "DropStmt", False),
        (8, "DropStmt", False),
        (10, "DropStmt", False),
        (13, "DeleteStmt", False),
        (15, "SelectStmt", False),
        (16, "DoStmt", True),
        (18, "DoStmt", True),
    ]
    assert found[1].conditions == (Condition("a", holds=True),)
    assert found[3].conditions == (Condition("a", holds=False), Condition("b", holds=False))
