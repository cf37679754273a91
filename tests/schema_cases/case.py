"""One difference between two declarations, what is to be said of it, and the SQL that many share.

Each case lives in a schema of its own, which is the search_path while its SQL runs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """What both sides share, what each has alone, and what the gate is to say.

    :param said: the findings, a line for each, with {s} for the schema; none for a pair that is
        alike.
    :param noted: the notes, likewise.
    """

    name: str
    common: str
    before: str
    after: str
    said: str = ""
    noted: str = ""

    def __repr__(self) -> str:
        return self.name


T = "create table t (id integer, v text);"
PARENT = "create table p (id integer primary key, x integer unique); create table t (id integer);"
FK = "alter table t add constraint f foreign key (id) references p"
CHECK = "alter table t add constraint c check (id > 0)"
FIRES = "create function tf() returns trigger language plpgsql as 'begin return new; end';"
TRIGGER = f"{T}{FIRES} create trigger tr before insert on t for each row execute function tf();"
PARTITIONED = "create table t (id integer, k integer) partition by range (id);"
PARTITION = f"{PARTITIONED} create table t1 partition of t for values from (0) to (10);"
FUNCTION = "create function f(a integer default 1) returns integer language sql {0} as '{1}'"


def function(marks: str = "immutable", body: str = "select a") -> str:
    """Return the SQL that makes the function f."""
    return FUNCTION.format(marks, body)
