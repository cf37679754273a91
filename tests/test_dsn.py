"""Is an address told without its password, and handed on with all that guards it?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from psycopg.conninfo import conninfo_to_dict

from gatepost.dsn import Dsn, parse
from gatepost.errors import CannotConnect, UsageError
from gatepost.migrations import prisma_url

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "hunter2"
ADDRESS = Dsn(f"postgresql://me:{SECRET}@db1:5433/shop?require_auth=scram-sha-256&sslcrl=/crl")


def test_address_is_shown_without_its_password() -> None:
    assert str(ADDRESS) == "host=db1 port=5433 dbname=shop user=me"
    assert SECRET not in repr(ADDRESS)


def test_environment_holds_every_parameter_that_guards_the_connection() -> None:
    assert ADDRESS.environment() == {
        "PGHOST": "db1",
        "PGPORT": "5433",
        "PGDATABASE": "shop",
        "PGUSER": "me",
        "PGPASSWORD": SECRET,
        "PGREQUIREAUTH": "scram-sha-256",
        "PGSSLCRL": "/crl",
    }


def test_parameter_that_programs_cannot_be_told_is_refused_rather_than_lost() -> None:
    dsn = Dsn(f"postgresql://me@db1/shop?sslpassword={SECRET}")
    with pytest.raises(UsageError, match="cannot be told sslpassword") as refused:
        dsn.environment()

    assert SECRET not in str(refused.value)


def test_tuning_is_left_to_the_programs() -> None:
    assert Dsn("postgresql://db1/shop?keepalives_idle=30").environment() == {
        "PGHOST": "db1",
        "PGDATABASE": "shop",
    }


def test_another_database_of_the_same_server_keeps_the_rest() -> None:
    assert ADDRESS.of("postgres").environment() == ADDRESS.environment() | {
        "PGDATABASE": "postgres"
    }


def test_address_of_another_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="'mysql' is no kind of address"):
        parse("mysql://x/y", of="source")


BEHIND = parse(
    f"postgresql://me:{SECRET}@db1:5433/shop?sslmode=verify-full&ssh=ada@gate:2222", of="source"
)


@pytest.fixture
def tunnel_port() -> Iterator[int]:
    """Say that a tunnel for that address is open."""
    assert BEHIND.passage is not None
    BEHIND.passage.note(40123)
    yield 40123
    BEHIND.passage.forget()


def test_address_says_through_which_machine_its_server_is_reached() -> None:
    assert str(BEHIND) == "host=db1 port=5433 dbname=shop user=me ssh=ada@gate:2222"


def test_server_behind_another_machine_is_not_looked_for_here() -> None:
    with pytest.raises(CannotConnect, match="no tunnel through ada@gate:2222 is open"):
        _ = BEHIND.conninfo
    with pytest.raises(CannotConnect, match="no tunnel"):
        BEHIND.environment()


def test_open_tunnel_is_entered_under_the_name_that_the_certificate_has(tunnel_port: int) -> None:
    assert BEHIND.environment() == {
        "PGHOST": "db1",
        "PGHOSTADDR": "127.0.0.1",
        "PGPORT": f"{tunnel_port}",
        "PGDATABASE": "shop",
        "PGUSER": "me",
        "PGPASSWORD": SECRET,
        "PGSSLMODE": "verify-full",
    }
    assert "ssh" not in conninfo_to_dict(BEHIND.conninfo)


def test_program_that_reads_urls_is_led_into_the_tunnel(tunnel_port: int) -> None:
    lax = parse(BEHIND.raw.replace("verify-full", "require"), of="source")

    assert lax.url == f"postgresql://me:{SECRET}@127.0.0.1:{tunnel_port}/shop?sslmode=require"
    there = f"postgresql://me:{SECRET}@127.0.0.1:{tunnel_port}/shop?"
    assert prisma_url.of(lax, "public.ledger").startswith(there)


def test_another_database_is_reached_through_the_same_machine(tunnel_port: int) -> None:
    other = BEHIND.of("postgres")

    assert (other.ssh, other.dbname) == (BEHIND.ssh, "postgres")
    assert other.environment()["PGPORT"] == f"{tunnel_port}"
    assert parse(other.raw, of="source") == other


@pytest.mark.parametrize(
    "ssh", ["", "-oProxyCommand=x", "me@-oProxyCommand=x", "a b", "me@gate:port", "me@gate;x"]
)
def test_what_names_no_machine_is_refused(ssh: str) -> None:
    with pytest.raises(UsageError, match="names no machine"):
        parse(f"postgresql://me@db1/shop?ssh={quote(ssh)}", of="source")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:///shop?service=shop&ssh=gate",
        "postgresql:///shop?host=/run/postgresql&ssh=gate",
        "postgresql://db1,db2/shop?ssh=gate",
    ],
)
def test_address_that_leaves_the_server_open_goes_through_no_tunnel(address: str) -> None:
    with pytest.raises(UsageError, match="one host and one port"):
        parse(address, of="source")


@pytest.mark.parametrize(
    "raw",
    ["service=prod dbname=shop", "dbname=shop", "host=/run/pg dbname=shop options='-c a=b c'"],
)
def test_url_of_any_address_is_one_that_libpq_reads(raw: str) -> None:
    assert conninfo_to_dict(Dsn(raw).url) == conninfo_to_dict(raw)
