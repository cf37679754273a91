"""Is a file of SQL cut where PostgreSQL itself would cut it?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.errors import UsageError
from gatepost.migrations.statements import split

if TYPE_CHECKING:
    import psycopg

    from gatepost.embedded import Server

# Each is as many statements as the server says, when it is given the whole at once.
TEXTS = {
    "two": "select 1; select 2",
    "no semicolon at the end": "select 1",
    "empty statements": ";; select 1;;",
    "in a text": "select 'a;b', 'it''s;'; select 2",
    "backslash in a plain text": r"select 'C:\'; select ';'",
    "backslash in an escaped text": r"select e'\';', E'\\'; select 2",
    "escaped text that goes on": "select e'a'\n  '\\';b'; select 2",
    "plain text that goes on": "select 'a'\n'b\\'; select 2",
    "letter before a text": r"select date'2026-01-01', n'\'; select 2",
    "text of bits": "select b'01', x'f', u&'\\0041;'; select 2",
    "name": 'select 1 as "a;""b"; select 2',
    "line comment": "select 1 -- one; two\n; select 2 -- three;",
    "comment in an operator's place": "select 1 +-- a;\n 2; select 3",
    "block comment": "select /* a; /* b; */ c; */ 1; select 2",
    "slashes and stars": "select 6/2*3; select /*/ ; /* */ */ 2",
    "dollars": "select $$a;b$$; select 2",
    "dollars with a tag": "select $a$ $b$ ; $$ $a$; select 2",
    "dollars with a strange tag": "select $ä1_$;$ä1_$; select 2",
    "dollar within a name": "select 1 as a$b$; select 2 as c$b$",
    "do": "do $$ begin perform 1; end $$; select 2",
    "rule": "create rule d as on delete to r do also (select 1; select 2); select 3",
    "body": "create function b() returns int language sql begin atomic select 1; select 2; end",
    "body with cases": (
        "create or replace function c() returns int language sql begin atomic"
        " select case when true then case 1 when 1 then 2 end end; end; select 3"
    ),
    "procedure": "create procedure p() begin atomic select 1; select 2; end; select 3",
    "names that are words of bodies": 'select 1 as "begin"; select 2 as atomic; select 3 "end"',
    "no body": "create function d() returns int language sql as 'select 1; select 2'; select 3",
    "transactions": "begin; select 1; commit; select 2",
    "windows": "select 1;\r\n-- a;\r\nselect 2;\r\n",
    "letters": "select 'größe;' as größe; select 2",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_has_as_many_statements_as_the_server_finds(server16: Server, text: str) -> None:
    found = split(text).statements

    with contextlib.closing(database.unpinned(server16.dsn())) as conn:
        conn.execute("create temporary table r (a int)")
        assert len(found) == _results(conn, text)
        assert [_results(conn, one.text) for one in found] == [1] * len(found)


def _results(conn: psycopg.Connection[object], text: str) -> int:
    """Return how many statements the server finds in a text; what they do is taken back."""
    with conn.cursor() as cursor:
        cursor.execute(b"begin")
        cursor.execute(text.encode())
        count = 1
        while cursor.nextset():
            count += 1
        conn.execute("rollback")
    return count


def test_statement_knows_its_line_and_its_words() -> None:
    text = "-- first\n\ncreate table t (\n  id int -- key\n);\n/* two\nlines */ drop table t"

    create, drop = split(text).statements

    assert (create.line, drop.line) == (3, 7)
    assert create.text == "create table t (\n  id int -- key\n);"
    assert drop.words == ("drop", "table", "t")
    assert create.begins("create", "table")


def test_words_in_parentheses_and_in_quotes_are_none() -> None:
    text = "insert into \"Begin\" (commit) values ('stdin') on conflict do nothing"

    (one,) = split(text).statements

    assert one.words == ("insert", "into", "values", "on", "conflict", "do", "nothing")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("select 1;\nselect 'a", "line 2: what begins with ' has no end"),
        ('select "a', 'line 1: what begins with " has no end'),
        ("\n\ndo $x$ begin", r"line 3: what begins with \$x\$ has no end"),
        ("select /* a /* b */", "line 1: what begins with /\\* has no end"),
        ("select 1;\n\\i other.sql", "line 2: a command of psql's own"),
    ],
)
def test_text_without_an_end_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        split(text)
