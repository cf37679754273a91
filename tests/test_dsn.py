"""Is an address told without its password, and handed on with all that guards it?"""

from __future__ import annotations

import pytest

from gatepost.dsn import Dsn, parse
from gatepost.errors import UsageError

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
    with pytest.raises(UsageError, match="'mysql' is no kind of source"):
        parse("mysql://x/y", of="source")
