"""Is what was typed brought into the spelling of SHOW, and a difference in meaning kept?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.schema.configuration import server_settings, setting_values

if TYPE_CHECKING:
    import psycopg

    from gatepost.embedded import Server

# By setting, ways to type its values.
TYPED = {
    "statement_timeout": ("0", "1500", "1500ms", "2s", "120s", "0.5 min", "1h", "36h", "1d"),
    "work_mem": ("64", "64kB", "1024kB", "1.5MB", "8MB", "1GB"),
    "temp_buffers": ("100", "1000", "800kB", "8MB"),
    "log_temp_files": ("-1", "0", "10MB"),
    "array_nulls": ("on", "off", "true", "F", "yes", "n", "1", "0"),
    "synchronous_commit": ("on", "off", "LOCAL", "Remote_Write"),
    "session_replication_role": ("origin", "REPLICA", "local"),
    "datestyle": ("ISO", "German", "SQL, DMY", "dmy, iso", "ISO, US", "Postgres, European", "YMD"),
    "search_path": ("a, b", '"$user", public', '"A b", "c,d"', "''", ""),
    "random_page_cost": ("4", "1.10", "1e1"),
    "extra_float_digits": ("-10", "3"),
    "effective_cache_size": ("524288", "4GB"),
    "gin_fuzzy_search_limit": ("1000000",),
    "default_text_search_config": ("english", "pg_catalog.simple"),
}


def test_value_is_spelled_as_the_server_itself_spells_it(server18: Server) -> None:
    with contextlib.closing(database.maintenance(server18.dsn())) as conn:
        for name, texts in TYPED.items():
            for text in texts:
                assert spelled(conn, name, text) == shown_by_server(conn, name, text), (name, text)


def spelled(conn: psycopg.Connection, name: str, text: str) -> str:
    found = conn.execute(
        "select vartype, coalesce(unit, '') from pg_catalog.pg_settings"
        " where pg_catalog.lower(name) = %s",
        (name,),
    ).fetchone()
    assert found is not None
    return setting_values.shown(name, text, *found)


def shown_by_server(conn: psycopg.Connection, name: str, text: str) -> str:
    with conn.transaction(force_rollback=True):
        # What a DateStyle leaves out stays as it was.
        conn.execute("set local datestyle to 'ISO, MDY'")
        conn.execute("select pg_catalog.set_config(%s, %s, true)", (name, text))
        found = conn.execute("select pg_catalog.current_setting(%s)", (name,)).fetchone()
    assert found is not None
    return str(found[0])


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("timezone", "UTC", "Etc/UTC", True),
        ("timezone", "Europe/Berlin", "europe/berlin", True),
        ("timezone", "UTC", "Europe/London", False),
        ("lc_time", "en_US.UTF-8", "en_US.utf8", True),
        ("lc_time", "en_US.UTF-8", "de_DE.UTF-8", False),
        ("lc_monetary", "C", "POSIX", True),
        ("search_path", "a, b", "b, a", False),
    ],
)
def test_two_values_are_alike_by_what_they_mean(
    name: str, one: str, other: str, *, same: bool
) -> None:
    assert setting_values.alike(name, one, other) is same


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("app.settings.jwt_secret", True),
        ("shop.api_key", True),
        ("shop.password", True),
        ("shop.currency", False),
        ("search_path", False),
        ("password_encryption", False),
    ],
)
def test_secret_of_an_application_is_hidden(name: str, *, hidden: bool) -> None:
    assert setting_values.is_hidden(setting_values.bare(name, "a value")) is hidden


def test_every_declared_setting_is_one_that_a_server_has(server18: Server) -> None:
    with contextlib.closing(database.maintenance(server18.dsn())) as conn:
        rows = conn.execute("select pg_catalog.lower(name) from pg_catalog.pg_settings").fetchall()

    assert {one.name for one in server_settings.DECLARED} <= {name for (name,) in rows}
    assert len(server_settings.BY_NAME) == len(server_settings.DECLARED)


def test_what_is_declared_never_merely_tunes() -> None:
    assert not [one.name for one in server_settings.DECLARED if server_settings.tunes(one.name)]
    assert server_settings.tunes("work_mem")
    assert not server_settings.tunes("hnsw.ef_search"), "it decides which rows are found"
