"""Is it seen when text would be stored or ordered otherwise, and is another spelling let pass?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql

from gatepost import database
from gatepost.schema import configuration
from gatepost.schema.configuration import locales
from gatepost.schema.remarks import Finding
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.embedded import Server
    from gatepost.schema.remarks import Remark

pytestmark = pytest.mark.servers

LIBC: dict[str, Any] = {
    "name": "shop",
    "encoding": "UTF8",
    "provider": "libc",
    "collate": "en_US.UTF-8",
    "ctype": "en_US.UTF-8",
    "recorded": "2.36",
    "actual": "2.36",
    "collations": {},
}
ICU = LIBC | {"provider": "icu", "locale": "en-US", "recorded": "153.14", "actual": "153.14"}
BUILTIN = LIBC | {"provider": "builtin", "locale": "C.UTF-8", "recorded": "1", "actual": "1"}
C = LIBC | {"collate": "C", "ctype": "C", "recorded": None, "actual": None}


def findings(remarks: Iterator[Remark]) -> list[str]:
    return [str(one) for one in remarks if isinstance(one, Finding)]


def compared(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return findings(locales.compare(was, now, "shop_next"))


def read(server: Server, options: str, script: str = "select 1") -> dict[str, Any]:
    """Return what a database that was made with some options says of its text."""
    name = "locales"
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        create = sql.SQL(f"create database {name} template template0 {options}")
        conn.execute(create)
        try:
            run(server.dsn(name), script)
            with contextlib.closing(database.read_only(server.dsn(name))) as inside:
                _, found, _ = configuration.read(inside)
                return found.attributes
        finally:
            conn.execute(f"drop database {name} with (force)")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("encoding 'SQL_ASCII'", "database: encoding UTF8 before, SQL_ASCII after"),
        ("lc_ctype 'C.UTF-8'", "database: ctype C before, C.UTF-8 after"),
        ("lc_collate 'C.UTF-8'", "database: text ordered by libc C before, libc C.UTF-8 after"),
        (
            "locale_provider builtin builtin_locale 'C.UTF-8'",
            "database: text ordered by libc C before, builtin C.UTF-8 after",
        ),
    ],
)
def test_other_text_is_found_with_the_database_that_would_do(
    server16: Server, server18: Server, options: str, said: str
) -> None:
    (finding,) = compared(read(server16, ""), read(server18, options))

    assert finding == (
        f"{said}\n  hint: create database shop_next template template0 encoding 'UTF8'"
        " lc_collate 'C' lc_ctype 'C', and restore into it"
    )


def test_database_made_alike_on_another_version_is_quiet(
    server16: Server, server18: Server
) -> None:
    for options in ("", "encoding 'LATIN1'", "locale 'C.UTF-8'"):
        was, now = read(server16, options), read(server18, options)
        assert not list(locales.compare(was, now, "shop_next"))


def test_order_of_bytes_is_the_same_whoever_provides_it(server16: Server, server18: Server) -> None:
    was, now = read(server16, ""), read(server18, "locale_provider builtin builtin_locale 'C'")

    (note,) = locales.compare(was, now, "shop_next")

    assert not isinstance(note, Finding)
    assert note.text.endswith("libc C before, builtin C after, which is the same")


def test_locale_of_icu_is_read_and_told(server15: Server, server18: Server) -> None:
    was = read(server15, "locale_provider icu icu_locale 'en_US'")
    now = read(server15, "locale_provider icu icu_locale 'de-u-co-phonebk'")

    assert was["recorded"] == was["actual"]
    (finding,) = compared(was, now)
    assert "text ordered by icu en_US before, icu de-u-co-phonebk after" in finding
    assert "locale_provider 'icu' icu_locale 'en_US'" in finding
    (finding,) = compared(was, read(server18, ""))
    assert "icu en_US before, libc C after" in finding


def test_version_of_the_library_that_is_not_the_recorded_one_is_found(server15: Server) -> None:
    """Somebody upgraded the library under the database: its indexes may be out of order."""
    aged = "update pg_catalog.pg_database set datcollversion = '1.2' where datname = 'locales'"
    stale = read(server15, "locale_provider icu icu_locale 'en-US'", aged)

    found = compared(stale, stale)

    assert len(found) == 2
    assert found[0].startswith("database: before, text was ordered by version 1.2 of its locale")
    assert found[0].endswith(
        "hint: reindex database locales; alter database locales refresh collation version"
    )
    assert found[1].startswith("database: after, text was ordered by version 1.2")


def test_collation_of_a_column_is_looked_at_and_one_that_nothing_uses_is_not(
    server15: Server,
) -> None:
    script = """
        create collation german (provider = icu, locale = 'de');
        create collation unused (provider = icu, locale = 'fr');
        create table t (a text collate german, b text collate "en-US-x-icu");
        update pg_catalog.pg_collation set collversion = '1.2'
        where collname in ('german', 'unused')
    """
    stale = read(server15, "", script)

    found = compared(stale, stale)

    assert set(stale["collations"]) == {"public.german", "pg_catalog.en-US-x-icu"}
    assert len(found) == 2
    assert found[0].startswith("collation public.german: before, text was ordered by version 1.2")
    assert found[0].endswith("alter collation public.german refresh version")


def test_other_version_on_the_other_side_is_found_once() -> None:
    for one in (LIBC, ICU):
        (finding,) = compared(one, one | {"recorded": "999", "actual": "999"})
        assert f"ordered by version {one['actual']} of its library before, 999 after" in finding


def test_other_version_of_a_collation_is_found_unless_the_schema_tells_it() -> None:
    def using(version: str, *, made: bool) -> dict[str, Any]:
        facts = {"recorded": version, "actual": version, "made": made}
        return LIBC | {"collations": {"public.german": facts}}

    (finding,) = compared(using("153.14", made=False), using("153.120", made=False))

    assert finding.startswith("collation public.german: ordered by version 153.14 of its library")
    assert compared(using("153.14", made=True), using("153.120", made=True)) == []


def test_version_that_one_side_does_not_tell_is_no_difference() -> None:
    """PostgreSQL 14 records none for a database."""
    untold = {key: value for key, value in LIBC.items() if key not in ("recorded", "actual")}

    assert not list(locales.compare(untold, LIBC, "shop_next"))
    assert not list(locales.compare(C, C, "shop_next"))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (LIBC, LIBC | {"collate": "en_US.utf8", "ctype": "en_US.utf8"}),
        (C, C | {"collate": "POSIX", "ctype": "POSIX"}),
        (ICU | {"locale": "en_US"}, ICU | {"locale": "en-US"}),
        (ICU | {"collate": "C"}, ICU),
        (BUILTIN, BUILTIN | {"locale": "C.UTF8"}),
    ],
    ids=["codeset", "POSIX", "language tag", "order that icu does not ask for", "builtin"],
)
def test_other_spelling_of_a_locale_is_no_finding(was: dict[str, Any], now: dict[str, Any]) -> None:
    assert compared(was, now) == []


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (ICU, ICU | {"rules": "&a < g"}),
        (ICU, ICU | {"locale": "en-US-u-ks-level2"}),
        (LIBC, BUILTIN),
        (LIBC, ICU),
    ],
)
def test_other_order_is_found(was: dict[str, Any], now: dict[str, Any]) -> None:
    (finding,) = compared(was, now)

    assert finding.startswith("database: text ordered by ")
