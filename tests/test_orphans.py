"""Are children without a parent found by reading rows, and inherited ones told apart?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import orphans, plan, references, settings
from gatepost.mapping.declared import Reference
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.references import Reference as Pointing
    from gatepost.session import Session

    Make = Callable[..., Dsn]

FAMILY = """
create table parent (a int, b text, primary key (a, b));
create table child (id int primary key, a int, b text);
alter table child add constraint simple foreign key (a, b) references parent;
create table strict (id int primary key, a int, b text);
alter table strict add constraint full_match foreign key (a, b) references parent match full;
create table person (id int primary key, boss int references person);
create table letter (id int primary key, "to" text);
insert into parent values (1, 'x'), (2, 'y');
insert into child values (1, 1, 'x'), (2, 1, null), (3, null, null);
insert into strict values (1, 1, 'x'), (2, null, null);
insert into person values (1, null), (2, 1);
insert into letter values (1, '1'), (2, '99');
"""
DECLARED = settings.Project(
    references=(Reference(child="public.letter.to", parent="public.person.id"),)
)


def damage(dsn: Dsn, statement: str) -> None:
    """Do what a restore with triggers off does: write without asking the foreign keys."""
    run(dsn, f"set session_replication_role = replica; {statement}")


def found(session: Session) -> dict[str, orphans.Introduced]:
    """Return the introduced orphans of every planned reference that has any."""
    told = {}
    for ask in session.plan.of("orphans"):
        reference: Pointing = ask.subject  # type: ignore[assignment]  # the plan's kind for orphans
        now = session.after.orphans(reference, "hash64")
        if now and now.rows:
            told[str(reference)] = orphans.introduced(
                session.before.orphan_hashes(reference, "hash64"),
                session.after.connection,
                session.after.catalog,
                reference,
                masked=frozenset(),
                method="hash64",
            )
    return told


def test_healthy_references_have_no_new_orphans(database16: Make, database18: Make) -> None:
    with opened(database16(FAMILY), database18(FAMILY), DECLARED) as session:
        new = found(session)

    assert {name: one.rows for name, one in new.items()} == {"public.letter.to": 0}


def test_orphans_behind_a_valid_key_are_found(database16: Make, database18: Make) -> None:
    before, after = database16(FAMILY), database18(FAMILY)
    damage(
        after,
        "delete from parent where a = 1; update person set boss = 7 where id = 2;"
        "insert into strict values (3, 1, null); insert into letter values (3, '98')",
    )
    with opened(before, after, DECLARED) as session:
        new = found(session)

    assert {name: sorted(one.keys) for name, one in new.items()} == {
        "public.child.(a, b)": ["id = (1), a = (1), b = (x)"],
        "public.strict.(a, b)": ["id = (1), a = (1), b = (x)", "id = (3), a = (1), b = (NULL)"],
        "public.person.boss": ["id = (2), boss = (7)"],
        "public.letter.to": ["id = (3), to = (98)"],
    }


def test_references_asked_together_are_answered_as_each_by_itself(
    database16: Make, database18: Make
) -> None:
    before, after = database16(FAMILY), database18(FAMILY)
    damage(after, "delete from parent where a = 1; update person set boss = 7 where id = 2")
    with opened(before, after) as session:
        conn, catalog = session.after.connection, session.after.catalog
        together = orphans.counts(conn, catalog, "hash64")
        by_itself = {
            one.subject: orphans.count(conn, one, catalog, "hash64")
            for one in references.catalogued(catalog)
        }

    assert together == by_itself
    assert sorted(one.rows for one in together.values()) == [1, 1, 1]


def test_same_number_of_other_orphans_is_introduced(database16: Make, database18: Make) -> None:
    before, after = database16(FAMILY), database18(FAMILY)
    damage(after, "update letter set \"to\" = '97' where id = 2")
    with opened(before, after, DECLARED) as session:
        new = found(session)

    assert new["public.letter.to"].keys == ("id = (2), to = (97)",)


def test_keys_of_other_widths_are_joined_by_their_own_operator(
    database16: Make, database18: Make
) -> None:
    script = """
    create table p (id int8 primary key); create table c (id int primary key, p int2 references p);
    insert into p values (1); insert into c values (1, 1)
    """
    with opened(database16(script), database18(script)) as session:
        assert found(session) == {}


def test_no_reference_is_not_applicable_rather_than_passed(
    database16: Make, database18: Make
) -> None:
    script = "create table lonely (id int)"
    with opened(database16(script), database18(script)) as session:
        planned = [a.planned for a in session.plan.asks if a.planned.check.question == "orphans"]

    assert [one.not_applicable for one in planned] == [
        "no reference in either database, and none declared"
    ]
    assert plan.QUESTIONS["orphans"].gates == ("data",)
