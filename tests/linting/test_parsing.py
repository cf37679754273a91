"""Are statements read as PostgreSQL reads them, and found again in their file?"""

from __future__ import annotations

import subprocess
import sys

import pytest

from gatepost.linting import parsing
from gatepost.linting.parsing import Unparsable, kind, within

TEXT = """-- é: a comment; with a semicolon
create table "été" (x text default 'a;b');

/* and /* another */ */ ;
select $$;$$
"""


# A process in which pglast cannot be imported.
WITHOUT = """
import sys
sys.modules["pglast"] = None
from gatepost.linting import parsing
assert not parsing.installed()
parsing.statements("select 1")
"""


def test_statements_are_pieces_of_the_text_and_know_their_lines() -> None:
    one, other = parsing.statements(TEXT)

    assert (one.kind, one.line, other.kind, other.line) == ("CreateStmt", 2, "SelectStmt", 5)
    assert TEXT[one.offset :].startswith(one.text)
    assert other.text == "select $$;$$"
    assert one.node.relation.relname == "été"


def test_comments_alone_are_no_statement() -> None:
    assert parsing.statements("-- nothing\n;;") == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [("select 1;\nselec 2;", 2), ("select 'x", 1), ("\n\n\\d", 3), ("select é é é", 1)],
)
def test_what_is_no_sql_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(Unparsable) as refused:
        parsing.statements(text)

    assert refused.value.line == line


def test_nodes_below_are_found_in_order() -> None:
    (one,) = parsing.statements("select a, f(b) from t where c in (1, d)")

    assert [node.fields[0].sval for node in within(one.node) if kind(node) == "ColumnRef"] == [
        *("a", "b", "c", "d")
    ]


def test_missing_grammar_is_told_with_the_extra_that_brings_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False
    )

    assert "UsageError: pglast, which reads migrations, is not installed" in done.stderr
    assert "pip install 'gatepost[lint]'" in done.stderr
